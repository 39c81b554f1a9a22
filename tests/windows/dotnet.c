/*
 * The command dotnet.exe for a folder that holds the runtime only, as NuGet has it: it finds hostfxr.dll below host\fxr and hands it the
 * command line. Built by run.sh with mingw; the version is given with -DFXR.
 */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#define WIDE_(text) L##text
#define WIDE(text) WIDE_(text)
#define LONGEST 4096

typedef int(__cdecl *run_host)(int count, const wchar_t **arguments, const wchar_t *program, const wchar_t *root, const wchar_t *application);

int wmain(int count, wchar_t **arguments)
{
    static wchar_t program[LONGEST], root[LONGEST], library[LONGEST];
    DWORD length = GetModuleFileNameW(NULL, program, LONGEST);
    if (length == 0 || length == LONGEST) {
        return 1;
    }

    wcscpy(root, program);
    *wcsrchr(root, L'\\') = L'\0';
    _snwprintf(library, LONGEST - 1, L"%ls\\host\\fxr\\%ls\\hostfxr.dll", root, WIDE(FXR));
    HMODULE host = LoadLibraryW(library);
    run_host run = host == NULL ? NULL : (run_host)(void *)GetProcAddress(host, "hostfxr_main_startupinfo");
    if (run == NULL) {
        fwprintf(stderr, L"There is no .NET host in %ls.\n", library);
        return 1;
    }

    return run(count, (const wchar_t **)arguments, program, root, L"");
}
