; Whether a Tailrace runs from the folder that is about to change, and asking to close it. Nothing is changed before.

; Windows refuses to open the file of a running program for writing. Jumps to LABEL then.
!macro JumpIfRunning FILE LABEL
  ${If} ${FileExists} "${FILE}"
    ClearErrors
    FileOpen $1 "${FILE}" a
    IfErrors ${LABEL}
    FileClose $1
  ${EndIf}
!macroend

!macro AskToCloseFunction UN
  Function ${UN}AskToClose
    look:
    !insertmacro JumpIfRunning "$INSTDIR\tailracew.exe" running
    !insertmacro JumpIfRunning "$INSTDIR\tailrace.exe" running
    Return
    running:
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Tailrace is running. Close its windows, then choose Retry.$\n$\nWhat you judged is saved already." /SD IDCANCEL IDRETRY look
    SetErrorLevel 2
    Abort "Tailrace is running; nothing was changed."
  FunctionEnd
!macroend

!insertmacro AskToCloseFunction ""
!insertmacro AskToCloseFunction "un."
