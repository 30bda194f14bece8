# Debian's own judge has nothing against the package.

if command -v lintian >/dev/null; then
    check "lintian has no error and no warning" lintian --allow-root --fail-on error,warning "$package"
else
    echo "left out: lintian is not installed"
fi
