BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiEntry' {
    BeforeAll {
        $folder = "$TestDrive/sessions"
        $session = New-OpiSession -Path $folder
        $null = 1..4 | ForEach-Object { $session | Add-OpiTurn -User "question $_" -Assistant "answer $_" }
        $null = $session | Invoke-OpiCompaction
    }

    AfterAll {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'gives the entries in order' {
        (Get-OpiEntry $session).Id | Should -Be msg-1, msg-2, msg-3, msg-4, msg-5, msg-6, msg-7, msg-8, cmp-9
    }

    It 'picks with <Parameters>' -ForEach @(
        @{ Parameters = @{ First = 2 }; Expected = 'msg-1', 'msg-2' }
        @{ Parameters = @{ Last = 2 }; Expected = 'msg-8', 'cmp-9' }
        @{ Parameters = @{ Type = 'Compaction' }; Expected = @('cmp-9') }
        @{ Parameters = @{ Type = 'Message'; Last = 1 }; Expected = @('msg-8') }
    ) {
        (Get-OpiEntry $session @Parameters).Id | Should -Be $Expected
    }

    It 'reads files that Get-ChildItem finds' {
        (Get-ChildItem $folder -Filter *.jsonl | Get-OpiEntry | Measure-Object).Count | Should -Be 9
    }

    It 'gives objects to filter and group' {
        (Get-OpiEntry $session | Where-Object Role -EQ user | Select-Object -ExpandProperty Text) -join ',' | Should -Be 'question 1,question 2,question 3,question 4'
        Get-OpiEntry $session | Group-Object Type | ForEach-Object Count | Sort-Object | Should -Be 1, 8
    }

    It 'follows a live session until it is stopped' {
        $job = $session.Path | ForEach-Object -AsJob -Parallel {
            Import-Module "$using:PSScriptRoot/../../Opi.psd1"
            Get-OpiEntry $_ -Wait -Last 0 | Select-Object -First 2 -ExpandProperty Text
        }
        for ($i = 0; $job.State -ne 'Completed' -and $i -lt 300; $i++) {
            $null = $session | Add-OpiTurn -User 'live'
            Start-Sleep -Milliseconds 100
        }

        $job.State | Should -Be Completed
        $job | Receive-Job -AutoRemoveJob -Wait | Should -Be live, live
    }
}
