BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    function New-Conversation ([int] $Turns = 2) {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$([guid]::NewGuid())"
        foreach ($i in 1..$Turns) { $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
        $session
    }
}

Describe 'Remove-OpiSession' {
    It 'deletes a closed session and refuses an open one' {
        $session = New-Conversation
        { $session | Remove-OpiSession -Force -ErrorAction Stop } | Should -Throw -ErrorId 'SessionLocked*'
        $session | Close-OpiSession
        $session | Remove-OpiSession -WhatIf
        $session.Path | Should -Exist
        $session | Remove-OpiSession -Force
        Split-Path $session.Path | Get-ChildItem -Force | Should -BeNullOrEmpty
    }

    It 'asks before it deletes' {
        (Get-Command Remove-OpiSession).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be High
    }
}
