; The program's folder on the person's own PATH, and off it.
;
; A string of NSIS holds 1024 characters and a PATH may be longer, so that the usual reading and writing back would cut
; it. Here it stays in memory that Windows' own functions work on; no variable of NSIS ever holds it. Its type (with or
; without %NAMES%) is kept.

; Reads PATH as ";one;two;" into new memory.
;   $0 the open key, 0 where it cannot be read; $1 the memory; $2 the type; $3 whether the last ";" is ours
!macro ReadUserPathFunction UN
  Function ${UN}ReadUserPath
    System::Call 'advapi32::RegOpenKeyExW(p 0x80000001, w "Environment", i 0, i 3, *p 0 r0) i .r9'
    ${If} $9 <> 0
      StrCpy $0 0
      Return
    ${EndIf}
    StrCpy $3 0
    System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, *i 0 r2, p 0, *i 0 r4) i .r9'
    ${If} $9 = 2 ; there is none yet
      StrCpy $2 2 ; REG_EXPAND_SZ, as Windows makes it
      StrCpy $4 0
    ${ElseIf} $9 <> 0
    ${OrIf} $2 < 1
    ${OrIf} $2 > 2 ; no text
      System::Call 'advapi32::RegCloseKey(p r0)'
      StrCpy $0 0
      Return
    ${EndIf}
    StrLen $5 "$INSTDIR"
    IntOp $5 $5 * 2
    IntOp $5 $5 + $4
    IntOp $5 $5 + 16 ; the ";" and the end
    System::Alloc $5
    Pop $1
    System::Call 'kernel32::lstrcpyW(p r1, w ";")'
    ${If} $4 > 0
      IntPtrOp $5 $1 + 2
      System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, p 0, p r5, *i r4) i .r9'
      ${If} $9 <> 0
        System::Free $1
        System::Call 'advapi32::RegCloseKey(p r0)'
        StrCpy $0 0
        Return
      ${EndIf}
    ${EndIf}
    System::Call 'kernel32::lstrlenW(p r1) i .r5'
    IntOp $5 $5 * 2
    IntPtrOp $5 $5 + $1
    IntPtrOp $5 $5 - 2
    System::Call '*$5(&i2 .r5)'
    ${If} $5 <> 59 ; no ";"
      System::Call 'kernel32::lstrcatW(p r1, w ";")'
      StrCpy $3 1
    ${EndIf}
  FunctionEnd
!macroend

; Writes what is in memory, less its first character, and tells the programs that run.
!macro WriteUserPathFunction UN
  Function ${UN}WriteUserPath
    System::Call 'kernel32::lstrlenW(p r1) i .r5'
    ${If} $5 < 2
      System::Call 'advapi32::RegDeleteValueW(p r0, w "Path")'
    ${Else}
      IntOp $5 $5 * 2 ; less the first character, more the end
      IntPtrOp $6 $1 + 2
      System::Call 'advapi32::RegSetValueExW(p r0, w "Path", i 0, i r2, p r6, i r5) i .r9'
    ${EndIf}
    SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
  FunctionEnd
!macroend

!macro RemoveFromUserPathFunction UN
  Function ${UN}RemoveFromUserPath
    System::Store "S"
    Call ${UN}ReadUserPath
    ${If} $0 P<> 0
      StrCpy $8 ";$INSTDIR;"
      System::Call 'shlwapi::StrStrIW(p r1, w r8) p .r7'
      ${If} $7 P<> 0
        ; from our ";" on, what follows up to the next ";" goes
        StrLen $6 "$INSTDIR;"
        IntOp $6 $6 * 2
        IntPtrOp $6 $6 + $7
        System::Call 'kernel32::lstrlenW(p r6) i .r5'
        IntOp $5 $5 + 1
        IntOp $5 $5 * 2
        System::Call 'ntdll::RtlMoveMemory(p r7, p r6, i r5)'
        ${If} $3 = 1
          System::Call 'kernel32::lstrlenW(p r1) i .r5'
          IntOp $5 $5 * 2
          IntPtrOp $5 $5 + $1
          IntPtrOp $5 $5 - 2
          System::Call '*$5(&i2 0)'
        ${EndIf}
        Call ${UN}WriteUserPath
      ${EndIf}
      System::Free $1
      System::Call 'advapi32::RegCloseKey(p r0)'
    ${EndIf}
    System::Store "L"
  FunctionEnd
!macroend

!macro AddToUserPathFunction UN
  Function ${UN}AddToUserPath
    System::Store "S"
    Call ${UN}ReadUserPath
    ${If} $0 P<> 0
      StrCpy $8 ";$INSTDIR;"
      System::Call 'shlwapi::StrStrIW(p r1, w r8) p .r7'
      ${If} $7 P= 0
        StrCpy $8 "$INSTDIR"
        System::Call 'kernel32::lstrcatW(p r1, w r8)'
        Call ${UN}WriteUserPath
      ${EndIf}
      System::Free $1
      System::Call 'advapi32::RegCloseKey(p r0)'
    ${EndIf}
    System::Store "L"
  FunctionEnd
!macroend

!insertmacro ReadUserPathFunction ""
!insertmacro WriteUserPathFunction ""
!insertmacro AddToUserPathFunction ""
!insertmacro RemoveFromUserPathFunction ""
!insertmacro ReadUserPathFunction "un."
!insertmacro WriteUserPathFunction "un."
!insertmacro RemoveFromUserPathFunction "un."
