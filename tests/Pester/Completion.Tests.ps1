BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $env:OPI_SESSIONS_DIR_BEFORE = $env:OPI_SESSIONS_DIR
    $env:OPI_SESSIONS_DIR = "$TestDrive/sessions"
    $session = New-OpiSession anthropic:claude-sonnet-4-5 -Name 'the lexer' -Label bug, urgent
    $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 10 -OutputTokens 1

    function Complete ([string] $Text) { (TabExpansion2 $Text -cursorColumn $Text.Length).CompletionMatches.CompletionText }
}

AfterAll {
    Get-OpiSession -Open | Close-OpiSession
    $env:OPI_SESSIONS_DIR = $env:OPI_SESSIONS_DIR_BEFORE
    $env:OPI_SESSIONS_DIR_BEFORE = $null
}

Describe 'Completion' {
    It 'offers <Expected> for <Line>' -ForEach @(
        @{ Line = '$session | Get-OpiEntry -EntryId '; Expected = 'msg-4' }
        @{ Line = 'Switch-OpiBranch $session -EntryId '; Expected = 'msg-5' }
        @{ Line = '$session | Set-OpiSession -RemoveLabel '; Expected = 'urgent' }
        @{ Line = 'Get-OpiSession -Name '; Expected = "'the lexer'" }
        @{ Line = 'Resume-OpiSession -Label '; Expected = 'bug' }
        @{ Line = 'New-OpiSession -FormatVersion '; Expected = '2' }
        @{ Line = 'Get-OpiPricing -Provider anth'; Expected = 'anthropic' }
        @{ Line = 'Get-OpiCost -Since '; Expected = 'yesterday' }
        @{ Line = 'Get-OpiCost -Model '; Expected = 'claude-sonnet-4-5' }
        @{ Line = 'Get-OpiWaste -Kind '; Expected = 'CacheIdle' }
        @{ Line = 'Search-OpiSession x -Source '; Expected = 'ClaudeCode' }
    ) {
        Set-Variable session $session -Scope Global
        try { Complete $Line | Should -Contain $Expected } finally { Remove-Variable session -Scope Global }
    }

    It 'offers the projects that were used' {
        Complete 'Get-OpiCost -Project ' | Should -HaveCount 1
    }
}
