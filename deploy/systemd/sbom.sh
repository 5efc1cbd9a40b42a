#!/usr/bin/env bash
# Writes sbom.spdx.json (SPDX 2.3) and THIRD-PARTY-NOTICES.txt from the lock file that the publish was restored with, and from the
# packages it restored: what is in the product, by whom, under which licence. Usage: sbom.sh RID FLAVOUR VERSION FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rid=$1 flavour=$2 version=$3 folder=$4
lock=$here/../../Edge.Runtime/packages.$flavour.lock.json
store=${NUGET_PACKAGES:-$HOME/.nuget/packages}

# name version base64(SHA-512), one a line. Left out: what works at build time only, and native parts of other machines.
listed() {
    awk -v rid="$rid" '
        /^    "net10.0/ { on = ($0 ~ /"net10.0"/ || index($0, "\"net10.0/" rid "\"") > 0) }
        on && /^      "[^"]+": \{/ { name = $1; gsub(/[":]/, "", name); version = "" }
        on && /^        "type": "Project"/ { name = "" }
        on && name != "" && /^        "resolved":/ { version = $2; gsub(/[",]/, "", version) }
        on && name != "" && /^        "contentHash":/ { hash = $2; gsub(/[",]/, "", hash); if (!seen[name]++) print name, version, hash }
    ' "$lock" | grep -viE '^(Microsoft\.CodeAnalysis\.BannedApiAnalyzers|Grpc\.Tools|Microsoft\.NET\.ILLink\.Tasks) ' |
        grep -vE "^runtime\.(.*)" | sort
}

nuspec() { cat "$store/${1,,}/$2/${1,,}.nuspec"; }
tag() { sed -n "s/.*<$1[^>]*>\([^<]*\)<\/$1>.*/\1/p" | head -n 1; }

# The SPDX name of a licence; a package that brings a file instead is looked into.
licence() {
    local text file
    text=$(nuspec "$1" "$2")
    if grep -q '<license type="expression">' <<< "$text"; then
        tag license <<< "$text"
    else
        file=$(find "$store/${1,,}/$2" -maxdepth 1 -iname 'licen*' | sort | head -n 1)
        if [ -n "$file" ] && grep -qi 'MIT License\|Permission is hereby granted, free of charge' "$file"; then echo MIT
        elif [ -n "$file" ] && grep -qi 'Apache License' "$file"; then echo Apache-2.0
        else echo "$1 $2 has no licence that is known; look into it and extend sbom.sh." >&2; return 1; fi
    fi
}

escape() { sed -e 's/\\/\\\\/g' -e 's/"/\\"/g'; }

# The runtime is linked in without standing in the lock file: its version is that of the compiler, or the SDK's own.
if [ "$flavour" = aot ]; then
    pack=Microsoft.NETCore.App.Runtime.NativeAOT.$rid
    pack_version=$(listed | sed -n 's/^Microsoft\.DotNet\.ILCompiler \([^ ]*\) .*/\1/p')
else
    pack=Microsoft.NETCore.App.Runtime.$rid
    pack_version=$(dotnet msbuild "$here/../../Edge.Runtime" -getProperty:BundledNETCoreAppPackageVersion)
fi
all=$(listed | grep -v '^Microsoft\.DotNet\.ILCompiler '; echo "$pack $pack_version -")

created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
{
    printf '{\n  "spdxVersion": "SPDX-2.3",\n  "dataLicense": "CC0-1.0",\n  "SPDXID": "SPDXRef-DOCUMENT",\n'
    printf '  "name": "edge-%s-%s-%s",\n  "documentNamespace": "https://spdx.org/spdxdocs/edge-%s-%s-%s-%s",\n' "$version" "$rid" "$flavour" "$version" "$rid" "$flavour" "$SOURCE_DATE_EPOCH"
    printf '  "creationInfo": { "created": "%s", "creators": ["Tool: edge-sbom.sh", "Organization: The Edge founders"] },\n' "$created"
    printf '  "packages": [\n    { "name": "edge", "SPDXID": "SPDXRef-edge", "versionInfo": "%s", "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0", "copyrightText": "Copyright the Edge founders" },\n' "$version"
    printf '    { "name": "edge-38m", "SPDXID": "SPDXRef-model", "versionInfo": "%s", "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0", "copyrightText": "Copyright the Edge founders", "checksums": [{ "algorithm": "SHA256", "checksumValue": "%s" }] }' \
        "$version" "$(sha256sum "$here/../../models/edge-38m/model.onnx.data" | cut -d' ' -f1)"
    while read -r name number hash; do
        right=$(licence "$name" "$number")
        holder=$(nuspec "$name" "$number" | tag copyright | escape)
        printf ',\n    { "name": "%s", "SPDXID": "SPDXRef-%s", "versionInfo": "%s", "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "licenseConcluded": "%s", "licenseDeclared": "%s", "copyrightText": "%s", "externalRefs": [{ "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:nuget/%s@%s" }]' \
            "$name" "${name//[^A-Za-z0-9.-]/-}" "$number" "$right" "$right" "${holder:-NOASSERTION}" "$name" "$number"
        [ "$hash" = - ] || printf ', "checksums": [{ "algorithm": "SHA512", "checksumValue": "%s" }]' "$(base64 -d <<< "$hash" | od -An -v -tx1 | tr -d ' \n')"
        printf ' }'
    done <<< "$all"
    printf '\n  ],\n  "relationships": [\n    { "spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-edge" },\n'
    printf '    { "spdxElementId": "SPDXRef-edge", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-model" }'
    while read -r name number hash; do
        printf ',\n    { "spdxElementId": "SPDXRef-edge", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-%s" }' "${name//[^A-Za-z0-9.-]/-}"
    done <<< "$all"
    printf '\n  ]\n}\n'
} > "$folder/sbom.spdx.json"

{
    printf 'Edge contains or links the parts below. Each keeps its licence; the texts follow.\n\n'
    while read -r name number hash; do
        printf '%s %s - %s - %s\n' "$name" "$number" "$(licence "$name" "$number")" "$(nuspec "$name" "$number" | tag copyright)"
    done <<< "$all"
    for text in "$here"/licences/*.txt; do
        printf '\n==== %s, for the parts marked so above\n\n' "$(basename "$text" .txt)"
        cat "$text"
    done
    # Packages of one family bring the same texts; each is printed once.
    declare -A seen=()
    while read -r name number hash; do
        while read -r file; do
            text=$(tr -d '\r' < "$file")
            digest=$(sha256sum <<< "$text")
            [ -z "${seen[$digest]:-}" ] || continue
            seen[$digest]=1
            printf '\n==== %s %s: %s\n\n%s\n' "$name" "$number" "$(basename "$file")" "$text"
        done < <(find "$store/${name,,}/$number" -maxdepth 1 \( -iname 'licen*' -o -iname 'third*party*notices*' \) | sort)
    done <<< "$all"
} > "$folder/THIRD-PARTY-NOTICES.txt"
