BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'A pipeline that is stopped' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        $session = New-OpiSession -Path $folder -Durability Buffered
        $null = 1..50 | ForEach-Object { $session | Add-OpiTurn -User "q$_" -Assistant "a$_" -InputTokens 1 }
        $Error.Clear()
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'by Select-Object -First gives the first and no error from <Name>' -ForEach @(
        @{ Name = 'Get-OpiEntry'; Script = { Get-OpiEntry $session } }
        @{ Name = 'Get-OpiEntry -Wait'; Script = { Get-OpiEntry $session -Wait } }
        @{ Name = 'Get-OpiContext'; Script = { Get-OpiContext $session } }
        @{ Name = 'Get-OpiCost'; Script = { Get-OpiCost -Folder $folder -By Turn } }
        @{ Name = 'Get-OpiSession'; Script = { Get-OpiSession -Folder $folder } }
        @{ Name = 'Get-OpiPricing'; Script = { Get-OpiPricing } }
    ) {
        & $Script | Select-Object -First 1 | Should -HaveCount 1

        $Error | Should -BeNullOrEmpty
        ($session | Add-OpiTurn -User 'still usable').Turn | Should -Be 51
    }

    It 'adds the turns that were asked for and no more' {
        1..100 | ForEach-Object { [pscustomobject]@{ User = "more $_" } } | Add-OpiTurn $session | Select-Object -First 3 | Should -HaveCount 3

        $Error | Should -BeNullOrEmpty
        $session.Turns | Should -Be 53
        (Get-OpiEntry $session -Last 1).Text | Should -Be 'more 3'
    }

    It 'closes the session that it had opened by id' {
        $session | Close-OpiSession
        1..100 | ForEach-Object { [pscustomobject]@{ Id = $session.Id; User = "more $_" } } | Add-OpiTurn -Folder $folder | Select-Object -First 2 | Should -HaveCount 2

        $Error | Should -BeNullOrEmpty
        ($session | Resume-OpiSession -WarningAction SilentlyContinue).Turns | Should -Be 52
    }

    It 'leaves nothing but the session and its lock in the folder' {
        $null = Get-OpiEntry $session | Select-Object -First 1
        $null = [pscustomobject]@{ User = 'x' } | Add-OpiTurn $session | Select-Object -First 1

        (Get-ChildItem $folder).Name | Should -Be "$($session.Id).jsonl", "$($session.Id).jsonl.lock"
    }

    It 'by a break leaves the session usable' {
        foreach ($i in 1) {
            Get-OpiEntry $session | ForEach-Object { break }
        }

        ($session | Add-OpiTurn -User 'still usable').Turn | Should -Be 51
    }

    It 'by an error in a later command leaves the session usable' {
        { Get-OpiEntry $session | ForEach-Object { throw 'enough' } } | Should -Throw enough

        ($session | Add-OpiTurn -User 'still usable').Turn | Should -Be 51
    }

    It 'from outside ends at once while it waits' {
        $waiting = [powershell]::Create()
        $null = $waiting.AddScript('Import-Module $args[0]; Get-OpiEntry $args[1] -Wait').AddArgument("$PSScriptRoot/../../Opi.psd1").AddArgument($session.Path)
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $run = $waiting.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
        for ($i = 0; $output.Count -lt 100 -and $i -lt 300; $i++) { Start-Sleep -Milliseconds 100 }

        $run.IsCompleted | Should -BeFalse
        $stop = $waiting.BeginStop($null, $null)
        $stop.AsyncWaitHandle.WaitOne(30000) | Should -BeTrue

        $waiting.InvocationStateInfo.State | Should -Be Stopped
        $waiting.Dispose()
    }
}
