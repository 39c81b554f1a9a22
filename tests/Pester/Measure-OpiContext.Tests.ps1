BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Measure-OpiContext' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path $folder -ContextWindow 1000
        $null = $session | Add-OpiTurn -User 'What is there?' -Assistant 'Nothing.' -InputTokens 700 -OutputTokens 30
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'takes what the provider reported' {
        $measure = $session | Measure-OpiContext

        $measure.Tokens | Should -Be 730
        $measure.Source | Should -Be Reported
        $measure.Threshold | Should -Be 750
        $measure.CompactionDue | Should -BeFalse
    }

    It 'tells whether the next prompt still fits' {
        ($session | Measure-OpiContext -Prompt 'And?').CompactionDue | Should -BeFalse
        ($session | Measure-OpiContext -Prompt ('And what is in the other folder? ' * 5)).CompactionDue | Should -BeTrue
    }

    It 'reads a stored session without opening it for writing' {
        $session | Close-OpiSession
        $before = Get-ChildItem $folder | ForEach-Object { $_.Name, $_.Length }

        (Get-OpiSession -Folder $folder | Measure-OpiContext -ContextWindow 1000).Percent | Should -Be 73
        Get-ChildItem $folder | ForEach-Object { $_.Name, $_.Length } | Should -Be $before
    }

    It 'counts with a script block' {
        $null = $session | Invoke-OpiCompaction
        ($session | Measure-OpiContext -TokenCounter { $_.Length }).SummaryTokens | Should -BeGreaterThan 20
        { $session | Measure-OpiContext -TokenCounter { 'many' } -ErrorAction Stop } | Should -Throw -ErrorId 'TokenCounterFailed,*'
    }

    It 'agrees with the turn and with a resumed session' {
        $turn = $session | Add-OpiTurn -User 'And now?' -Assistant 'Still nothing.' -InputTokens 760 -OutputTokens 5
        $turn.CompactionReason | Should -Be Threshold
        ($session | Measure-OpiContext).CompactionDue | Should -BeTrue

        $session | Close-OpiSession
        $resumed = Resume-OpiSession $session.Path -ContextWindow 1000
        $resumed.CompactionDue | Should -BeTrue
        $resumed.ContextTokens | Should -Be 765
    }

    It 'counts in every culture alike' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            ($session | Measure-OpiContext -ContextWindow 200000 -TokenCounter { 1.5 }).Percent | Should -Be 0.4
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }
}

Describe 'A context that is too long' {
    BeforeAll {
        $stub = Start-ProviderStub
    }

    AfterAll {
        Stop-ProviderStub $stub
    }

    It 'is caught around Invoke-RestMethod' {
        try {
            try {
                $reply = Invoke-RestMethod "$($stub.Uri)/s/long:overflow/v1/chat/completions" -Method Post -Headers @{ Authorization = 'Bearer x' } -Body (
                    @{ model = 'gpt-5'; messages = @(@{ role = 'user'; content = 'hello' }) } | ConvertTo-Json -Depth 5)
            }
            catch {
                $reply = $_.ErrorDetails.Message
            }
            $reply | ConvertTo-OpiMessage -ErrorAction Stop
        }
        catch [Opi.ContextOverflowException] {
            $caught = $_
        }

        $caught.FullyQualifiedErrorId | Should -BeLike 'ContextOverflow,*'
        $caught.Exception.LimitTokens | Should -Be 200000
        $caught.Exception.RequestedTokens | Should -Be 210000
    }
}
