BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Close-OpiSession' {
    BeforeEach {
        $session = New-OpiSession -Path "$TestDrive/$(New-Guid)"
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'gives the lock back' {
        $session | Close-OpiSession | Should -BeNullOrEmpty

        $session.State | Should -Be Closed
        (Resume-OpiSession $session.Path).State | Should -Be Open
    }

    It 'closes by id and by path, too' {
        Close-OpiSession $session.Id
        $session.State | Should -Be Closed

        $again = Resume-OpiSession $session.Path
        Close-OpiSession -Path $session.Path
        $again.State | Should -Be Closed
    }

    It 'may be called twice' {
        $session | Close-OpiSession
        { $session | Close-OpiSession -ErrorAction Stop } | Should -Not -Throw
    }

    It 'makes the next use an error that says what to do' {
        $session | Close-OpiSession

        { $session | Add-OpiTurn -User late -ErrorAction Stop } |
            Should -Throw -PassThru -ErrorId 'SessionClosed,Opi.PowerShell.Commands.AddOpiTurnCommand' |
            ForEach-Object { $_.ToString(), $_.ErrorDetails.RecommendedAction } |
            Should -Be "The session '$($session.Id)' is closed.", 'Resume-OpiSession opens it again.'
    }

    It 'closes all that are open' {
        $others = 1..3 | ForEach-Object { New-OpiSession -Path "$TestDrive/many" }

        Get-OpiSession -Open | Close-OpiSession

        $others.State | Should -Be Closed, Closed, Closed
    }
}
