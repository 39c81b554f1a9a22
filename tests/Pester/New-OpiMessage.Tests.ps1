BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'New-OpiMessage' {
    It 'builds what the user says' {
        $message = New-OpiMessage User 'hello'

        $message.Role | Should -Be user
        $message.Text | Should -Be hello
    }

    It 'builds an answer with its tokens' {
        $message = New-OpiMessage Assistant 'hi' -Model openai:gpt-4o -InputTokens 5 -OutputTokens 6 -StopReason Length

        $message.ModelSpec | Should -Be openai:gpt-4o
        $message.Usage.TotalTokens | Should -Be 11
        $message.StopReason | Should -Be Length
    }

    It 'builds the result of a tool with any object as details' {
        $message = New-OpiMessage ToolResult 'done' -ToolCallId c1 -ToolName run -Details (Get-Date 2026-01-02 | Select-Object Year, Month)

        $message.ToolCallId | Should -Be c1
        "$($message.Details)" | Should -Be '{"Year":2026,"Month":1}'
    }

    It 'builds a message from each line of a pipeline' {
        ('a', 'b' | New-OpiMessage User).Text | Should -Be a, b
    }

    It 'reads an image from a drive of PowerShell' {
        Set-Content TestDrive:/dot.gif ([Convert]::FromBase64String('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7')) -AsByteStream

        (New-OpiMessage User -ImagePath TestDrive:/dot.gif).Content.Source.Data | Should -BeLike 'R0lGODlhAQAB*'
    }

    It 'takes a date object' {
        $date = [datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc)

        (New-OpiMessage User hi -Timestamp $date).TimestampMs | Should -Be ([DateTimeOffset]$date).ToUnixTimeMilliseconds()
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'an unknown role'; Script = { New-OpiMessage -Role robot -Text hi }; Parameter = 'Role' }
        @{ Name = 'a date by culture'; Script = { New-OpiMessage User hi -Timestamp 03/04/2026 }; Parameter = 'Timestamp' }
        @{ Name = 'negative tokens'; Script = { New-OpiMessage Assistant hi -OutputTokens -1 }; Parameter = 'OutputTokens' }
    ) {
        $Script | Should -Throw "*'$Parameter'*"
    }

    It 'refuses an empty text' {
        { New-OpiMessage User '' -ErrorAction Stop } | Should -Throw '*-Text*' -ErrorId 'InvalidMessage,*'
    }

    It 'refuses a file that is not an image, whatever its name says' {
        Set-Content TestDrive:/page.png '<html>'

        { New-OpiMessage User -ImagePath TestDrive:/page.png -ErrorAction Stop } | Should -Throw '*page.png*PNG, JPEG, GIF or WebP*'
    }

    It 'refuses what belongs to another role' {
        { New-OpiMessage User hi -InputTokens 5 -ErrorAction Stop } | Should -Throw '*-InputTokens*' -ErrorId 'InvalidMessage,Opi.PowerShell.Commands.NewOpiMessageCommand'
    }
}
