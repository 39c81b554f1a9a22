BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Export-OpiReport' {
    BeforeAll {
        $session = New-Conversation
        Close-OpiSession $session
        $folder = Split-Path $session.Path
        $sessionsFolder = $env:OPI_SESSIONS_DIR
        $env:OPI_SESSIONS_DIR = $folder
    }
    AfterAll { $env:OPI_SESSIONS_DIR = $sessionsFolder }

    It 'reports the sessions of the default folder' {
        Export-OpiReport "$TestDrive/report.html"
        "$TestDrive/report.html" | Should -FileContentMatch '<dt>Responses</dt><dd>2</dd>'
    }

    It 'filters by time, model and project' {
        Export-OpiReport "$TestDrive/none.html" -Until 2020-01-01 -Model *sonnet* -Project *
        "$TestDrive/none.html" | Should -FileContentMatch 'No usage'
    }

    It 'takes the rows of Import-Clixml and Import-Csv as it takes those of Get-OpiUsage' {
        Get-OpiUsage | Export-Clixml "$TestDrive/rows.xml"
        Get-OpiUsage | Export-Csv "$TestDrive/rows.csv"
        Get-OpiUsage | Export-OpiReport "$TestDrive/a.html" -TimeZone UTC
        Import-Clixml "$TestDrive/rows.xml" | Export-OpiReport "$TestDrive/b.html" -TimeZone UTC
        Import-Csv "$TestDrive/rows.csv" | Export-OpiReport "$TestDrive/c.html" -TimeZone UTC
        $pages = 'a', 'b', 'c' | ForEach-Object { (Get-Content "$TestDrive/$_.html" -Raw) -replace 'Written [^<]*' }
        $pages | Select-Object -Unique | Should -HaveCount 1
        $pages[0] | Should -BeLike '*<dt>Responses</dt><dd>2</dd>*'
    }

    It 'replaces a report, unless that is forbidden' {
        'old' | Set-Content "$TestDrive/old.html"
        { Export-OpiReport "$TestDrive/old.html" -NoClobber -ErrorAction Stop } | Should -Throw -PassThru | ForEach-Object ToString | Should -BeLike '*-NoClobber*'
        Export-OpiReport "$TestDrive/old.html"
        "$TestDrive/old.html" | Should -FileContentMatch '<h1>'
    }
}
