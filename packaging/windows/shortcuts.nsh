; Entries in the start menu and on the desktop, under the same id as the program's windows, so that a pinned entry and the
; running program share one button on the task bar.

!include Win\COM.nsh
!include Win\Propkey.nsh

!macro MakeShortcut LINK
  SetOutPath "$PROFILE" ; where the program stands when it is started so
  CreateShortcut "${LINK}" "$INSTDIR\tailracew.exe" "" "$INSTDIR\tailracew.exe" 0 SW_SHOWNORMAL "" "Traces of applications built on language models"
  SetOutPath "$INSTDIR"
  Push "${LINK}"
  Call GiveLinkAppId
!macroend

; The stack's top: a link. Without the property (an old or partial shell) the link works all the same.
Function GiveLinkAppId
  Exch $9
  System::Store "S"
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '("$9",${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call 'oleaut32::SysAllocString(w "${DESKTOP_ID}")p.r3'
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r4'
        System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_BSTR},,&i4 $3)p.r5'
        ${IPropertyStore::SetValue} $2 '($4,$5)'
        ${IPropertyStore::Commit} $2 ""
        System::Call 'oleaut32::SysFreeString(p r3)'
        System::Free $4
        System::Free $5
        ${IUnknown::Release} $2 ""
        ${IPersistFile::Save} $1 '("$9",1)'
      ${EndIf}
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
  System::Store "L"
  Pop $9
FunctionEnd
