BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $homes = "$PSScriptRoot/../data/agent-homes"
}

Describe 'Search-OpiSession' {
    BeforeAll {
        $folder = "$TestDrive/found"
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path $folder -Name 'lexer work'
        $null = $session | Add-OpiTurn -User 'why does the lexer deadlock' -Assistant "it takes two`nlocks"
        $null = $session | Add-OpiTurn -Message @(
            New-OpiMessage User 'look'
            New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'read'; Arguments = @{ path = 'src/lex.c' } } -Model $session.Model
            New-OpiMessage ToolResult 'int deadlock; // é' -ToolCallId c1 -ToolName read
            New-OpiMessage Assistant 'A Deadlock indeed.' -Model $session.Model)
    }

    AfterAll {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'finds a text in the order of time' {
        $hits = Search-OpiSession deadlock -Folder $folder
        $hits.EntryId | Should -Be msg-2, msg-6, msg-7
        $hits.Role | Should -Be User, ToolResult, Assistant
        $hits[1].Tool | Should -Be read
        $hits[0].Line | Should -Be 'why does the lexer deadlock'
        $hits.Source | Should -Be Opi, Opi, Opi
    }

    It 'finds a text that was wrapped, a name and a file' {
        (Search-OpiSession 'two locks' -Folder $folder).EntryId | Should -Be msg-3
        (Search-OpiSession 'LEXER WORK' -Folder $folder).Role | Should -Be Name
        (Search-OpiSession -File lex.c -Folder $folder).Tool | Should -Be read
    }

    It 'filters with <Filter>' -ForEach @(
        @{ Filter = @{ Role = 'User' }; Expected = @('msg-2') }
        @{ Filter = @{ ToolName = 're*' }; Expected = @('msg-6') }
        @{ Filter = @{ CaseSensitive = $true }; Expected = 'msg-2', 'msg-6' }
        @{ Filter = @{ First = 1 }; Expected = @('msg-2') }
        @{ Filter = @{ Model = 'claude-*' }; Expected = @('msg-7') }
        @{ Filter = @{ Until = '2020-01-01' }; Expected = @() }
    ) {
        @(Search-OpiSession deadlock -Folder $folder @Filter).EntryId | Should -Be $Expected
    }

    It 'takes a pattern' {
        (Search-OpiSession -Pattern 'dead\w+k\b.*é' -Folder $folder).EntryId | Should -Be msg-6
    }

    It 'takes sessions from the pipe' {
        (Get-OpiSession -Folder $folder | Search-OpiSession indeed).EntryId | Should -Be msg-7
        ($session | Search-OpiSession indeed).EntryId | Should -Be msg-7
    }

    It 'gives entries, each once' {
        (Search-OpiSession deadlock -Folder $folder | Get-OpiEntry).Id | Should -Be msg-2, msg-6, msg-7
        (Get-OpiEntry $session -EntryId msg-5, msg-3).Id | Should -Be msg-5, msg-3
        { Get-OpiEntry $session -EntryId nope -ErrorAction Stop } | Should -Throw -ErrorId 'EntryNotFound,*'
    }

    It 'exports a session once, whatever the hits' {
        $null = New-Item "$TestDrive/out" -ItemType Directory
        Search-OpiSession deadlock -Folder $folder | Export-OpiSession -Path "$TestDrive/out"
        (Get-ChildItem "$TestDrive/out").Name | Should -Be "$($session.Id).md"
    }

    It 'streams, and ends when nobody wants more' {
        @(Search-OpiSession e -LogPath $homes -Stream -WarningAction Ignore | Select-Object -First 3).Count | Should -Be 3
        @(Search-OpiSession e -LogPath $homes -Stream -First 2 -WarningAction Ignore).Count | Should -Be 2
    }

    It 'finds what other agents logged, and gives and exports it' {
        $hits = Search-OpiSession 'USETOOL say hello' -LogPath $homes -WarningAction Ignore
        $hits.Source | Should -Contain Copilot
        $hits.Source | Should -Contain OpenCode
        $hits.Source | Should -Contain Qwen
        $hits | Where-Object Source -EQ Qwen | Get-OpiEntry | ForEach-Object Text | Should -Be 'USETOOL say hello'
        $null = New-Item "$TestDrive/theirs" -ItemType Directory
        $hits | Where-Object Source -EQ Copilot | Export-OpiSession -Path "$TestDrive/theirs"
        Get-Content "$TestDrive/theirs/*.md" -Raw | Should -BeLike '*USETOOL say hello*'
    }

    It 'says that another agent''s session cannot be resumed' {
        $hit = Search-OpiSession 'USETOOL say hello' -LogPath "$homes/qwen" -WarningAction Ignore
        { $hit | Resume-OpiSession -ErrorAction Stop } | Should -Throw -ErrorId 'ForeignSession,*'
    }

    It 'shows what a log has without letting it act on the terminal' {
        $log = "$TestDrive/evil.jsonl"
        '{"type":"user","uuid":"u","sessionId":"s","isSidechain":false,"timestamp":"2026-01-01T00:00:00Z","message":{"role":"user","content":"needle \u001b]0;pwned\u0007"}}' | Set-Content $log
        $shown = Search-OpiSession needle -LogPath $log | Out-String
        $shown | Should -BeLike '*needle*'
        $shown | Should -Not -Match "[\a]|\e\]"
    }

    It 'refuses <Given>' -ForEach @(
        @{ Given = @{}; Id = 'NothingToFind' }
        @{ Given = @{ Text = ' ' }; Id = 'NothingToFind' }
        @{ Given = @{ Pattern = '(' }; Id = 'InvalidPattern' }
        @{ Given = @{ Text = 'x'; Since = '2026-02-01'; Until = '2026-01-01' }; Id = 'SinceAfterUntil' }
    ) {
        { Search-OpiSession -Folder $folder @Given -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'says what is not there' {
        $null = Search-OpiSession x -LogPath "$TestDrive/nope" -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }
}
