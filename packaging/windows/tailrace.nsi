; The installer for Windows, for one person and without elevation. Compiled by packaging/windows/setup.py, which defines
; VERSION, NUMBERS (four of them), PAYLOAD (the one-folder program), ICONS, LICENCE, OUTPUT, SIZE (of the payload, in
; kB), ARCHITECTURE (x64, arm64; x86 for a stand-in that runs anywhere), DESKTOP_ID and, where it is signed, SIGN.
;
; In silence (/S): /D=FOLDER says where, /DESKTOP adds a desktop entry, /NOPATH leaves the person's PATH alone. The exit
; code is 0, or 2 where it could not be installed.

Unicode true
SetCompressor /SOLID lzma
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Memento.nsh
!include WinVer.nsh
!include x64.nsh
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Tailrace"
!define MEMENTO_REGISTRY_ROOT HKCU
!define MEMENTO_REGISTRY_KEY "${UNINSTALL_KEY}"
!include associations.nsh
!include running.nsh
!include shortcuts.nsh
!include user_path.nsh

Name "Tailrace"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Tailrace"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
ManifestLongPathAware true
CRCCheck force
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow
BrandingText "Tailrace ${VERSION}"
!ifdef SIGN
  !finalize '${SIGN} "%1"' = 0
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

!define MUI_ICON "${ICONS}\tailrace.ico"
!define MUI_UNICON "${ICONS}\tailrace.ico"
!define MUI_ABORTWARNING
!define MUI_LICENSEPAGE_TEXT_BOTTOM "The licences of what Tailrace carries are in its folder, in _internal\tailrace\licenses."
!define MUI_LICENSEPAGE_BUTTON "&Next >"
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\tailracew.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Start Tailrace"
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE RefuseForeignFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=${LANG_ENGLISH} "ProductName" "Tailrace"
VIAddVersionKey /LANG=${LANG_ENGLISH} "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_ENGLISH} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_ENGLISH} "FileDescription" "Installs Tailrace"
VIAddVersionKey /LANG=${LANG_ENGLISH} "CompanyName" "The Tailrace authors"
VIAddVersionKey /LANG=${LANG_ENGLISH} "LegalCopyright" "The Tailrace authors. MIT licence."

Section "Tailrace" SectionProgram
  SectionIn RO
  SetShellVarContext current
  Call AskToClose
  Call RemoveEarlierElsewhere
  Call RemoveFromUserPath ; it comes back below where it is wanted

  ; Modules of an earlier version must not stay behind. Only our own folder goes, never what else is beside it.
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal.old"
  Rename "$INSTDIR\_internal" "$INSTDIR\_internal.old"
  RMDir /r "$INSTDIR\_internal.old"

  ; The programs come first: by them a folder is known as Tailrace's, also one that was left half written.
  File "${PAYLOAD}\tailrace.exe"
  File "${PAYLOAD}\tailracew.exe"
  File "${ICONS}\document.ico"
  File /r "${PAYLOAD}\_internal"
  WriteUninstaller "$INSTDIR\tailrace-uninstall.exe"

  !insertmacro MakeShortcut "$SMPROGRAMS\Tailrace.lnk"
  Delete "$DESKTOP\Tailrace.lnk" ; it comes back below where it is wanted
  Call RegisterAssociations

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "Tailrace"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\tailracew.exe,0"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Tailrace authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\tailrace-uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\tailrace-uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

${MementoSection} "Command tailrace in terminals" SectionPath
  Call AddToUserPath
${MementoSectionEnd}

${MementoUnselectedSection} "Desktop entry" SectionDesktop
  !insertmacro MakeShortcut "$DESKTOP\Tailrace.lnk"
${MementoSectionEnd}

${MementoSectionDone}

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionProgram} "The program, its entry in the start menu, and .tailrace files opened by it."
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionPath} "Adds Tailrace's folder to your own PATH."
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionDesktop} "An entry on the desktop."
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function .onInit
  SetShellVarContext current
  !if "${ARCHITECTURE}" != "x86"
    ${IfNot} ${RunningX64}
    ${OrIfNot} ${AtLeastWin10}
      MessageBox MB_OK|MB_ICONSTOP "Tailrace needs a 64-bit Windows 10 or later." /SD IDOK
      SetErrorLevel 2
      Abort
    ${EndIf}
  !endif
  ${MementoSectionRestore}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DESKTOP" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${SectionDesktop}
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/NOPATH" $1
  ${IfNot} ${Errors}
    !insertmacro UnselectSection ${SectionPath}
  ${EndIf}
  ${If} ${Silent}
    Call RefuseForeignFolder
  ${EndIf}
FunctionEnd

Function .onInstSuccess
  ${MementoSectionSave}
FunctionEnd

; Another program's folder is not taken: _internal, which goes when Tailrace is removed, may be that program's.
Function RefuseForeignFolder
  ${If} ${FileExists} "$INSTDIR\_internal\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\tailrace.exe"
    MessageBox MB_OK|MB_ICONEXCLAMATION "Another program is in $INSTDIR. Choose another folder." /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
FunctionEnd

; An earlier version in another folder goes, so that there is one Tailrace.
Function RemoveEarlierElsewhere
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 != ""
  ${AndIf} $0 != $INSTDIR
  ${AndIf} ${FileExists} "$0\tailrace-uninstall.exe"
    ExecWait '"$0\tailrace-uninstall.exe" /S _?=$0' $1
    ${If} $1 = 0
      Delete "$0\tailrace-uninstall.exe" ; it could not delete itself
      RMDir "$0"
    ${Else}
      MessageBox MB_YESNO|MB_ICONEXCLAMATION "The earlier version in $0 could not be removed; perhaps it is running. Install beside it?" /SD IDNO IDYES beside
      SetErrorLevel 2
      Abort "The earlier version could not be removed; nothing was changed."
      beside:
    ${EndIf}
  ${EndIf}
FunctionEnd

Function un.onInit
  SetShellVarContext current
FunctionEnd

; The person's own files (databases, settings, what was written beside the program) are not touched.
Section "Uninstall"
  Call un.AskToClose
  Call un.RemoveFromUserPath
  Call un.ForgetAssociations
  Delete "$SMPROGRAMS\Tailrace.lnk"
  Delete "$DESKTOP\Tailrace.lnk"
  SetOutPath "$TEMP" ; a folder that a program stands in cannot be removed
  RMDir /r "$INSTDIR\_internal.old"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\document.ico"
  Delete "$INSTDIR\tailracew.exe"
  Delete "$INSTDIR\tailrace.exe"
  Delete "$INSTDIR\tailrace-uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd
