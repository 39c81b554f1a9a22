# Over a real SSH session to this machine: a server of the test's own on the loopback address, with keys of its own.

BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"

    # Starts a server. Gives the reason where this machine has none.
    function Start-Server {
        if ($IsWindows) { return 'the server of Windows is a service of the system' }
        $server = '/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/libexec/sshd' | Where-Object { Test-Path $_ } | Select-Object -First 1
        if (-not $server -or -not (Get-Command ssh, ssh-keygen -ErrorAction Ignore)) { return 'sshd, ssh or ssh-keygen is not installed' }

        # Sockets of SSH and its keys refuse a folder that others may write to.
        $script:home2 = Join-Path ([IO.Path]::GetTempPath()) "opi-ssh-$(New-Guid)"
        $null = New-Item -ItemType Directory $home2
        chmod 700 $home2
        foreach ($key in 'host', 'user') { ssh-keygen -q -t ed25519 -N '' -f "$home2/$key" }
        Copy-Item "$home2/user.pub" "$home2/authorized_keys"
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start(); $script:port = $listener.LocalEndpoint.Port; $listener.Stop()

        # The PowerShell that runs this, which is a dll of dotnet's where it is Opi.Shell.
        $program = [Environment]::ProcessPath
        if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { $program = "$program $([Environment]::GetCommandLineArgs()[0])" }
        Set-Content "$home2/config" @"
Port $port
ListenAddress 127.0.0.1
HostKey $home2/host
PidFile $home2/pid
AuthorizedKeysFile $home2/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem powershell $program -sshs -NoProfile -NoLogo
"@
        # As root the server wants its empty folder, which a service would make.
        if ((id -u) -eq 0 -and -not (Test-Path /run/sshd)) { $null = New-Item -ItemType Directory /run/sshd; $script:madeFolder = $true }
        $script:process = Start-Process $server "-D -e -f $home2/config" -PassThru -RedirectStandardError "$home2/log" -RedirectStandardOutput "$home2/out"
        foreach ($try in 1..100) {
            if ($process.HasExited) { throw "sshd ended: $(Get-Content "$home2/log" -Raw)" }
            try { [Net.Sockets.TcpClient]::new('127.0.0.1', $port).Dispose(); return } catch { Start-Sleep -Milliseconds 100 }
        }
        throw 'sshd does not answer'
    }

    function New-Machine ([string] $Name, [string] $User) {
        $options = @{ StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; IdentitiesOnly = 'yes'; LogLevel = 'ERROR' }
        $session = New-PSSession -HostName 127.0.0.1 -Port $port -KeyFilePath "$home2/user" -Options $options -UserName (id -un) -ErrorAction Stop
        Invoke-Command $session {
            param($Manifest, $Name, $User)
            $env:OPI_MACHINE = $Name; $env:OPI_USER = $User
            Import-Module $Manifest
        } -ArgumentList (Resolve-Path "$PSScriptRoot/../../Opi.psd1").Path, $Name, $User
        $session
    }

    function New-Log ([string] $Path, [int[]] $Ids) {
        $null = New-Item -ItemType Directory (Split-Path $Path) -Force
        Set-Content $Path ($Ids | ForEach-Object {
            @{
                type = 'assistant'; sessionId = 's1'; timestamp = "2026-11-2$($_ % 5)T10:00:00.000Z"; cwd = '/src/app'; requestId = "r$_"; isSidechain = $false
                message = @{ id = "msg_$_"; role = 'assistant'; model = 'claude-sonnet-4-5'; usage = @{ input_tokens = 1000 * $_; output_tokens = 100 } }
            } | ConvertTo-Json -Depth 5 -Compress
        })
    }

    $reason = Start-Server
    if (-not $reason) {
        # The log of the second machine has copies of two responses of the first.
        New-Log "$TestDrive/one/log.jsonl" 1, 2, 3
        New-Log "$TestDrive/two/log.jsonl" 2, 3, 4
        $logs = @{ 'ci-1' = (Resolve-Path "$TestDrive/one").ProviderPath; 'ci-2' = (Resolve-Path "$TestDrive/two").ProviderPath }
        $machines = @(New-Machine ci-1 ann; New-Machine ci-2 bob)
    }
}

AfterAll {
    $machines | Remove-PSSession -ErrorAction Ignore
    if ($process -and -not $process.HasExited) { $process.Kill($true) }
    if ($madeFolder) { Remove-Item /run/sshd }
    if ($home2) { Remove-Item $home2 -Recurse -Force }
}

Describe 'Opi over an SSH session' {
    BeforeEach {
        if ($reason) { Set-ItResult -Skipped -Because $reason }
    }

    It 'gives rows that are priced and added up here by machine and user' {
        $rows = Invoke-Command $machines { Get-OpiUsage -Source ClaudeCode -Path ($using:logs)[$env:OPI_MACHINE] }

        $rows | Should -HaveCount 6
        $costs = @($rows | Get-OpiCost -By Machine, User -Total)
        $costs.Machine | Should -Be 'ci-1', 'ci-2', $null
        $costs.User | Should -Be 'ann', 'bob', $null
        $costs.InputTokens | Should -Be 6000, 9000, 15000
        $costs.TotalCost | Should -Be 0.0225, 0.0315, 0.0540
        ($rows | Get-OpiCost -By Model -Machine CI-2).InputTokens | Should -Be 9000
        ($rows | Get-OpiCost -By Model -User a*).InputTokens | Should -Be 6000
    }

    It 'gives sums that were made there' {
        $costs = Invoke-Command $machines { Get-OpiCost -Source ClaudeCode -LogPath ($using:logs)[$env:OPI_MACHINE] -By Machine, Day }

        ($costs | Sort-Object Machine, Day).Machine | Should -Be ci-1, ci-1, ci-1, ci-2, ci-2, ci-2
        ($costs | Measure-Object TotalCost -Sum).Sum | Should -Be 0.0540
    }

    It 'brings the ledgers of machines together, and counts what both have once' {
        # One after the other: who recorded a response first has it.
        $updates = $machines | ForEach-Object { Invoke-Command $_ { Update-OpiLedger "$(($using:logs)[$env:OPI_MACHINE])/ledger" -Source ClaudeCode -LogPath "$(($using:logs)[$env:OPI_MACHINE])/log.jsonl" } }
        $updates.Added | Should -Be 3, 3
        foreach ($session in $machines) {
            $name = Invoke-Command $session { $env:OPI_MACHINE }
            $null = New-Item -ItemType Directory "$TestDrive/fleet" -Force
            Copy-Item -FromSession $session "$($logs[$name])/ledger" "$TestDrive/fleet/$name" -Recurse
        }

        $first = Update-OpiLedger "$TestDrive/all" -From "$TestDrive/fleet"
        $again = Update-OpiLedger "$TestDrive/all" -From "$TestDrive/fleet/ci-2", "$TestDrive/fleet/ci-1"

        $first.Added, $first.Known | Should -Be 4, 2
        $again.Added, $again.Known | Should -Be 0, 6
        $costs = @(Get-OpiCost -Source Ledger -LogPath "$TestDrive/all" -By Machine -Total)
        $costs.Responses | Should -Be 3, 1, 4
        $costs.InputTokens | Should -Be 6000, 4000, 10000
        $costs[-1].TotalCost | Should -Be 0.0360
    }

    It 'tells an error with its id and a warning' {
        $rows = Invoke-Command $machines[0] { Get-OpiUsage -Path "$(($using:logs)['ci-1'])/nothing" } -ErrorVariable failed -ErrorAction SilentlyContinue

        $rows | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*GetOpiUsageCommand'
    }
}
