; What Explorer knows: .tailrace files are opened by Tailrace; files of other programs may be, and stay with theirs.
; All in the person's own part of the registry.

!define CLASSES "Software\Classes"
!define PROGID "Tailrace.Database"
!define SHELL_APP "${CLASSES}\Applications\tailracew.exe"
!define APP_PATH "Software\Microsoft\Windows\CurrentVersion\App Paths\tailrace.exe"
!define OPEN_COMMAND '"$INSTDIR\tailracew.exe" "%1"'

; An entry under "Open with". OpenWithProgids would do the same, but makes the only candidate of an extension its default.
!macro OfferFor EXTENSION
  WriteRegStr HKCU "${SHELL_APP}\SupportedTypes" "${EXTENSION}" ""
  WriteRegStr HKCU "${CLASSES}\${EXTENSION}\OpenWithList\tailracew.exe" "" ""
!macroend

!macro NoLongerOfferFor EXTENSION
  DeleteRegKey HKCU "${CLASSES}\${EXTENSION}\OpenWithList\tailracew.exe"
  DeleteRegKey /ifempty HKCU "${CLASSES}\${EXTENSION}\OpenWithList"
  DeleteRegKey /ifempty HKCU "${CLASSES}\${EXTENSION}"
!macroend

!macro ForForeignTypes DO
  !insertmacro ${DO} ".json"
  !insertmacro ${DO} ".jsonl"
  !insertmacro ${DO} ".ndjson"
  !insertmacro ${DO} ".db"
  !insertmacro ${DO} ".sqlite"
  !insertmacro ${DO} ".pb"
!macroend

; Explorer draws icons and menus anew: SHCNE_ASSOCCHANGED.
!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Function RegisterAssociations
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "" "Tailrace database"
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "FriendlyTypeName" "Tailrace database"
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "AppUserModelID" "${DESKTOP_ID}"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\DefaultIcon" "" "$INSTDIR\document.ico"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\shell\open\command" "" '${OPEN_COMMAND}'
  WriteRegStr HKCU "${CLASSES}\.tailrace" "" "${PROGID}"
  WriteRegStr HKCU "${CLASSES}\.tailrace" "Content Type" "application/vnd.tailrace+sqlite3"
  WriteRegStr HKCU "${CLASSES}\.tailrace\OpenWithProgids" "${PROGID}" ""

  WriteRegStr HKCU "${SHELL_APP}" "FriendlyAppName" "Tailrace"
  WriteRegStr HKCU "${SHELL_APP}" "AppUserModelID" "${DESKTOP_ID}"
  WriteRegStr HKCU "${SHELL_APP}\DefaultIcon" "" "$INSTDIR\tailracew.exe,0"
  WriteRegStr HKCU "${SHELL_APP}\shell\open\command" "" '${OPEN_COMMAND}'
  WriteRegStr HKCU "${SHELL_APP}\SupportedTypes" ".tailrace" ""
  !insertmacro ForForeignTypes OfferFor

  ; "Default apps" in Windows' settings
  WriteRegStr HKCU "Software\Tailrace\Capabilities" "ApplicationName" "Tailrace"
  WriteRegStr HKCU "Software\Tailrace\Capabilities" "ApplicationDescription" "A trace viewer for applications built on language models"
  WriteRegStr HKCU "Software\Tailrace\Capabilities" "ApplicationIcon" "$INSTDIR\tailracew.exe,0"
  WriteRegStr HKCU "Software\Tailrace\Capabilities\FileAssociations" ".tailrace" "${PROGID}"
  WriteRegStr HKCU "Software\RegisteredApplications" "Tailrace" "Software\Tailrace\Capabilities"

  ; Start > Run knows "tailrace"
  WriteRegStr HKCU "${APP_PATH}" "" "$INSTDIR\tailracew.exe"
  !insertmacro TellExplorer
FunctionEnd

Function un.ForgetAssociations
  ReadRegStr $0 HKCU "${CLASSES}\.tailrace" ""
  ${If} $0 == "${PROGID}"
    DeleteRegValue HKCU "${CLASSES}\.tailrace" ""
    DeleteRegValue HKCU "${CLASSES}\.tailrace" "Content Type"
  ${EndIf}
  DeleteRegValue HKCU "${CLASSES}\.tailrace\OpenWithProgids" "${PROGID}"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.tailrace\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.tailrace"
  DeleteRegKey HKCU "${CLASSES}\${PROGID}"
  DeleteRegKey HKCU "${SHELL_APP}"
  !insertmacro ForForeignTypes NoLongerOfferFor
  DeleteRegValue HKCU "Software\RegisteredApplications" "Tailrace"
  DeleteRegKey HKCU "Software\Tailrace\Capabilities"
  DeleteRegKey /ifempty HKCU "Software\Tailrace"
  DeleteRegKey HKCU "${APP_PATH}"
  !insertmacro TellExplorer
FunctionEnd
