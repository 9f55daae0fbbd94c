# Prints what groff, where it is here, has to say about manual pages.
command -v groff >/dev/null || exit 0
for page in "$1"/*; do groff -man -ww -z "$page"; done
