BeforeAll {
    $manifest = (Resolve-Path "$PSScriptRoot/../../Opi.psd1").Path
    Import-Module $manifest
}

Describe 'ForEach-Object -Parallel' {
    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'writes a session in each runspace' {
        $folder = "$TestDrive/own"

        $results = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            $number = $_
            $s = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $using:folder -Durability Buffered
            $null = 1..25 | ForEach-Object { $s | Add-OpiTurn -User "$number-$_" -Assistant "$number-$_" -InputTokens $number }
            $s | Close-OpiSession
            [pscustomobject]@{ Id = $s.Id; Number = $number }
        }

        $results.Id | Sort-Object -Unique | Should -HaveCount 8
        foreach ($result in $results) {
            $cost = Get-OpiCost $result.Id -Folder $folder
            $cost.Turns | Should -Be 25
            $cost.InputTokens | Should -Be (25 * $result.Number)
            (Get-OpiContext $result.Id -Folder $folder).Text | ForEach-Object { $_ | Should -BeLike "$($result.Number)-*" }
        }
    }

    It 'shares one session among the runspaces without losing or mixing turns' {
        $session = New-OpiSession -Path "$TestDrive/shared" -Durability Buffered

        1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            $number = $_
            1..25 | ForEach-Object { $null = $using:session | Add-OpiTurn -User "$number-$_" -Assistant "$number-$_" -InputTokens 1 }
        }

        $session.Turns | Should -Be 200
        $session.Usage.InputTokens | Should -Be 200
        $entries = Get-OpiEntry $session
        $entries | Should -HaveCount 400
        $entries.Id | Sort-Object -Unique | Should -HaveCount 400
        for ($i = 0; $i -lt 400; $i += 2) { $entries[$i + 1].Text | Should -Be $entries[$i].Text }
        ($entries | Where-Object Role -EQ user).Text | Sort-Object -Unique | Should -HaveCount 200
    }

    It 'reads in many runspaces while one writes' {
        $session = New-OpiSession -Path "$TestDrive/read" -Durability Buffered
        $null = 1..20 | ForEach-Object { $session | Add-OpiTurn -User q -Assistant a }

        $counts = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            if ($_ -eq 1) {
                1..50 | ForEach-Object { $null = $using:session | Add-OpiTurn -User q -Assistant a }
            }
            else {
                @(Get-OpiEntry ($using:session).Path).Count
            }
        }

        $counts | Should -HaveCount 7
        $counts | ForEach-Object { $_ % 2 | Should -Be 0; $_ | Should -BeGreaterOrEqual 40 }
        $session.Turns | Should -Be 70
    }

    It 'writes ten turns of ten runspaces that name the session by its id' {
        $session = New-OpiSession -Path "$TestDrive/by-id"
        $session | Close-OpiSession

        $failed = 1..10 | ForEach-Object -ThrottleLimit 10 -Parallel {
            Import-Module $using:manifest
            try { $null = Add-OpiTurn ($using:session).Id -Folder "$using:TestDrive/by-id" -User "u$_" -Assistant "a$_" -ErrorAction Stop } catch { "$_" }
        }

        $failed | Should -BeNullOrEmpty
        (Get-OpiSession $session.Path).Turns | Should -Be 10
        Get-OpiEntry $session.Path | Should -HaveCount 20
    }

    It 'gives one session to all runspaces' {
        $session = New-OpiSession -Path "$TestDrive/lock"
        $session | Close-OpiSession

        $results = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            $opened = Resume-OpiSession ($using:session).Path -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable failed
            $opened ?? $failed[0].FullyQualifiedErrorId # the session itself: one that nobody holds is closed when it is collected
        }

        $results | Where-Object State -EQ Open | Should -HaveCount 4
        $results | Select-Object -Unique | Should -HaveCount 1
    }
}
