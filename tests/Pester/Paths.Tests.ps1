# Sessions by other names of their files, names that systems keep for themselves, and files that another program has for a moment. What only
# Windows has is tried there: tests/windows/run.sh pester Paths.

BeforeDiscovery {
    $forms = @('long') + @(if ($IsWindows) { 'upper case', 'slashes', 'literal', 'dots', 'short' })
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    if ($IsWindows) {
        $shortNames = Add-Type -PassThru -Name ShortNames -Namespace Opi.Tests -MemberDefinition @'
            [System.Runtime.InteropServices.DllImport("kernel32", CharSet = System.Runtime.InteropServices.CharSet.Unicode)]
            public static extern int GetShortPathName(string path, char[] name, int length);
'@
    }

    function ConvertTo-Form ([string] $Path, [string] $Form) {
        switch ($Form) {
            'long' { $Path }
            'upper case' { $Path.ToUpperInvariant() }
            'slashes' { $Path.Replace('\', '/') }
            'literal' { "\\?\$Path" }
            'dots' { "$(Split-Path $Path).\.\$(Split-Path $Path -Leaf) " }
            'short' {
                $name = [char[]]::new(1024)
                $length = $shortNames::GetShortPathName($Path, $name, $name.Length)
                if ($length -gt 0) { [string]::new($name, 0, $length) } else { $Path }
            }
        }
    }

    $reply = @{
        type = 'message'; role = 'assistant'; model = 'claude-sonnet-4-5'; stop_reason = 'end_turn'
        usage = @{ input_tokens = 10; output_tokens = 5 }; content = @(@{ type = 'text'; text = 'done' })
    }
}

Describe 'A session by a path that is <_>' -ForEach $forms {
    It 'is the same session to every cmdlet' {
        # Longer than Windows' old limit of 260.
        $folder = "$TestDrive/$_" + (1..5 | ForEach-Object { '/' + 'd' * 50 } | Join-String)
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path $folder
        foreach ($i in 1..3) { $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
        $path = ConvertTo-Form $session.Path $_
        (Add-OpiTurn $path -User 'question 4' -Assistant 'answer 4' -InputTokens 100 -OutputTokens 10).Turn | Should -Be 4
        { Remove-OpiSession $path -Force -ErrorAction Stop } | Should -Throw -ErrorId 'SessionLocked,*'
        $session | Close-OpiSession

        (Get-OpiSession $path).Turns | Should -Be 4
        @(Get-OpiEntry $path -Type Message).Count | Should -Be 8
        @(Get-OpiContext $path).Count | Should -Be 8
        @(Get-OpiUsage -Path $path).Count | Should -Be 4
        @(Search-OpiSession 'question 2' -Path $path).Count | Should -Be 1
        (Copy-OpiSession $path -Destination "$folder/copies").Turns | Should -Be 4
        Export-OpiSession $path "$folder/session.json"
        (Get-Content "$folder/session.json" -Raw) | Should -BeLike '*answer 4*'
        { Export-OpiSession $path "$path" -Force -ErrorAction Stop } | Should -Throw -ErrorId 'ExportFailed,*'
        { Repair-OpiSession $path -Destination $session.Path -Force -ErrorAction Stop } | Should -Throw -ErrorId 'SessionWriteFailed,*'
        (Repair-OpiSession $path -Destination "$folder/repaired.jsonl").EntriesKept | Should -Be 8
        $resumed = Resume-OpiSession $path
        $null = $resumed | Invoke-OpiCompaction -KeepRecentTokens 1 -Summarizer { 'summary' }
        (Invoke-OpiTurn $resumed hello -Send { $reply }).Text | Should -Be done
        $resumed | Close-OpiSession
        Remove-OpiSession $path -Force
        @(Get-ChildItem $folder -File).Name | Sort-Object | Should -Be 'repaired.jsonl', 'session.json'
    }
}

if ($IsWindows) {
    Describe 'A name that the system keeps for a device, <_>' -ForEach 'CON', 'nul', 'aux.jsonl', 'COM1', '\\.\NUL' {
        It 'is refused, and the error names it' {
            $session = New-Conversation
            $null = New-Item "$TestDrive/devices" -ItemType Directory -Force
            Push-Location "$TestDrive/devices"
            try {
                foreach ($act in { Export-OpiSession $session $_ -Force -ErrorAction Stop }, { Repair-OpiSession $session.Path -Destination $_ -Force -ErrorAction Stop }) {
                    { & $act } | Should -Throw '*Windows keeps that name for a device*'
                }
                { Resume-OpiSession $_ -ErrorAction Stop } | Should -Throw '*device*'
                { New-OpiSession anthropic:claude-sonnet-4-5 -Path $_ -ErrorAction Stop } | Should -Throw -ErrorId 'SessionWriteFailed,*'
                Get-ChildItem . | Should -BeNullOrEmpty
            }
            finally {
                Pop-Location
                $session | Close-OpiSession
            }
        }
    }
}

Describe 'A session with the line ends of Windows' {
    It 'is read and written to' {
        $session = New-Conversation
        $session | Close-OpiSession
        [IO.File]::WriteAllText($session.Path, [IO.File]::ReadAllText($session.Path).Replace("`n", "`r`n"))

        $resumed = Resume-OpiSession $session.Path
        ($resumed | Add-OpiTurn -User more -Assistant yes).Turn | Should -Be 3
        $resumed | Close-OpiSession

        @(Get-OpiEntry $session.Path -Type Message).Count | Should -Be 6
        [IO.File]::ReadAllText($session.Path) | Should -Match "[^`r]`n$"
    }
}

Describe 'Files that another program has for itself, again and again' {
    BeforeAll {
        $root = "$TestDrive/scanned"
        $null = New-Item $root, "$root/out", "$root/settings" -ItemType Directory
        $before = $env:OPI_CONFIG_DIR
        $env:OPI_CONFIG_DIR = "$root/settings"
        $ended = [Threading.ManualResetEventSlim]::new()
        $scanner = [powershell]::Create().AddScript({
            param($root, $ended)
            $random = [Random]::new(7)
            while (-not $ended.IsSet) {
                try {
                    # Elsewhere than on Windows an opening without sharing is the lock itself that older versions of Opi take on a lock file.
                    $newest = [IO.DirectoryInfo]::new($root).GetFiles('*', 'AllDirectories') |
                        Where-Object { $IsWindows -or $_.Extension -ne '.lock' } | Sort-Object LastWriteTimeUtc -Descending | Select-Object -First 8 | Get-Random
                    $file = [IO.File]::Open($newest.FullName, 'Open', 'Read', 'None')
                    Start-Sleep -Milliseconds $random.Next(100, 700)
                    $file.Dispose()
                }
                catch {
                    $null = $_ # deleted meanwhile, or in use
                }
                Start-Sleep -Milliseconds $random.Next(1, 50)
            }
        }).AddArgument($root).AddArgument($ended)
        $scan = $scanner.BeginInvoke()
    }

    AfterAll {
        $ended.Set()
        $null = $scanner.EndInvoke($scan)
        $scanner.Dispose()
        $env:OPI_CONFIG_DIR = $before
    }

    It 'hinder no cmdlet, and no turn is lost (<_>)' -ForEach 1, 2, 3 {
        $ErrorActionPreference = 'Stop'
        $common = @{ WarningVariable = '+warnings'; WarningAction = 'SilentlyContinue' }
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$root/sessions" @common
        foreach ($i in 1..5) { $null = $session | Add-OpiTurn -User "question $i $('x' * 3000)" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
        $null = Invoke-OpiTurn $session hello -Send { $reply } @common
        $null = $session | Invoke-OpiCompaction -KeepRecentTokens 10 -Summarizer { 'summary' }
        $session | Close-OpiSession
        $null = Set-OpiPricing "my:model$_" -InputPrice 1 -OutputPrice 2 @common
        (Get-OpiPricing "my:model$_" @common).InputPrice | Should -Be 1
        $resumed = Resume-OpiSession $session.Path
        $null = $resumed | Add-OpiTurn -User again -Assistant yes -InputTokens 5 -OutputTokens 5
        $resumed | Close-OpiSession

        (Copy-OpiSession $session.Path -Destination "$root/copies").Turns | Should -Be 7
        @(Get-OpiEntry $session.Path -Type Message).Where({ $_.Role -eq 'user' }).Count | Should -Be 7
        foreach ($format in 'md', 'json', 'html') { Export-OpiSession $session.Path "$root/out/session.$format" -Force }
        (Repair-OpiSession $session.Path -Destination "$root/out/repaired.jsonl" -Force).LeftOut | Should -BeNullOrEmpty
        (Update-OpiLedger -Source Opi -LogPath "$root/sessions" -Path "$root/ledger" @common).Added | Should -BeGreaterThan 0
        (Get-OpiCost -Folder "$root/sessions" @common | Measure-Object Responses -Sum).Sum | Should -Be 7
        Get-OpiUsage -Path "$root/sessions" @common | Export-OpiReport "$root/out/report.html"
        @(Search-OpiSession again -Path "$root/sessions" @common).Count | Should -Be 1
        Remove-OpiSession $session.Path -Force
        @(Get-ChildItem "$root/sessions").Name | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }
}
