BeforeAll { . "$PSScriptRoot/Common.ps1" }

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
