BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'New-OpiSession' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'writes the header before it returns' {
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder

        $lines = @(Get-Content $session.Path)
        $lines | Should -HaveCount 1
        $header = $lines[0] | ConvertFrom-Json
        $header.type | Should -Be session
        $header.version | Should -Be 1
        $header.id | Should -Be $session.Id
        $header.cwd | Should -Be $PWD.ProviderPath
    }

    It 'names the file after the id' {
        $session = New-OpiSession -Path $folder

        Split-Path $session.Path -LeafBase | Should -Be $session.Id
    }

    It 'takes a relative path from the current location' {
        Push-Location $TestDrive
        try {
            $session = New-OpiSession -Path relative
            $session.Path | Should -Be (Join-Path (Get-Item relative).FullName "$($session.Id).jsonl")
        }
        finally {
            Pop-Location
        }
    }

    It 'takes a path on a drive of PowerShell' {
        $session = New-OpiSession -Path TestDrive:/on-drive

        $session.Path | Should -Exist
        $session.Path | Should -Not -BeLike 'TestDrive:*'
    }

    It 'creates nothing with -WhatIf' {
        New-OpiSession -Path $folder -WhatIf | Should -BeNullOrEmpty

        $folder | Should -Not -Exist
    }

    It 'uses OPI_SESSIONS_DIR when no folder is given' {
        $before = $env:OPI_SESSIONS_DIR
        try {
            $env:OPI_SESSIONS_DIR = $folder
            (New-OpiSession).Path | Should -BeLike "$([IO.Path]::GetFullPath($folder))*"
        }
        finally {
            $env:OPI_SESSIONS_DIR = $before
        }
    }

    It 'stops the script when the folder cannot be made' {
        Set-Content "$TestDrive/file" text

        { New-OpiSession -Path "$TestDrive/file" } | Should -Throw -ErrorId 'SessionWriteFailed,Opi.PowerShell.Commands.NewOpiSessionCommand'
    }

    It 'refuses a negative threshold' {
        { New-OpiSession -Path $folder -CompactionThreshold -1 } | Should -Throw '*CompactionThreshold*'
    }
}
