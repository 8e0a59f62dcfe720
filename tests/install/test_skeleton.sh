#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A new plugin against an installed tree: it builds with what is installed alone, by CMake's package and by pkg-config,
# passes its own test, and converts.
set -euo pipefail

die() { echo "FAILED: $*" >&2; exit 1; }

if [ ! -x "${DRAGOMAN:-}" ]; then
	echo "skipped: \$DRAGOMAN names no program" >&2
	exit 77
fi
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cmake --install "$BINARY_DIR" --prefix "$work/usr" >install.log || { cat install.log >&2; die "install"; }
export HOME=$work/home
unset DRAGOMAN_PLUGIN_PATH DRAGOMAN_FORMAT_PATH

usr/bin/dragoman plugin new my-lines || die "plugin new: exit $?"
grep -rq keyline my-lines && die "the skeleton's name is left in the project"
for way in package pkgconfig; do
	settings=(-DCMAKE_PREFIX_PATH="$work/usr")
	if [ $way = pkgconfig ]; then
		export PKG_CONFIG_PATH="$work/usr/lib/pkgconfig"
		settings=(-DCMAKE_DISABLE_FIND_PACKAGE_dragoman=ON -DDRAGOMAN="$work/usr/bin/dragoman")
	fi
	cmake -S my-lines -B "build-$way" "${settings[@]}" >cmake.log 2>&1 && cmake --build "build-$way" >>cmake.log 2>&1 ||
		{ cat cmake.log >&2; die "does not build by $way"; }
	ctest --test-dir "build-$way" --no-tests=error --output-on-failure >ctest.log 2>&1 ||
		{ cat ctest.log >&2; die "its own test fails, built by $way"; }
done

# As its README says: in the user's folders it is found by itself.
install -D -m 644 build-package/my-lines.so "$HOME/.local/share/dragoman/plugins/my-lines.so"
install -D -m 644 my-lines/my-lines-people.yaml "$HOME/.local/share/dragoman/formats/my-lines-people.yaml"
usr/bin/dragoman convert -f my-lines-people -t notice-csv -o people.csv my-lines/people.my-lines || die "convert: exit $?"
grep -q MARLOWE people.csv || die "the notices are not there"
