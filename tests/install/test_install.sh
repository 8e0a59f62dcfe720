#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The installed tree: complete, moved to another place, it works there, and a plugin is built against it both ways.
set -euo pipefail

die() { echo "FAILED: $*" >&2; exit 1; }

if [ ! -x "${DRAGOMAN:-}" ]; then
	echo "skipped: \$DRAGOMAN names no program" >&2
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# A careless umask must not make folders that the loader then refuses.
(umask 000 && cmake --install "$BINARY_DIR" --prefix "$work/first" >install.log) || { cat install.log >&2; die "install"; }
mv first "a moved tree"
tree="$work/a moved tree"

writable=$(find "$tree" ! -type l -perm /022)
[ -z "$writable" ] || die "others may write: $writable"
named=$(grep -rlF --include='*.cmake' --include='*.pc' "$work/first" "$tree" || true)
[ -z "$named" ] || die "names the prefix it was installed to: $named"

# Whatever the build tree has is there.
for plugin in "$BINARY_DIR"/lib/dragoman/plugins/*.so; do
	[ -f "$tree/lib/dragoman/plugins/${plugin##*/}" ] || die "${plugin##*/} is not installed"
	exported=$(nm -D --defined-only "$tree/lib/dragoman/plugins/${plugin##*/}" |
		awk '$3 !~ /^(__(asan|ubsan|sanitizer|lsan|odr_asan|start|stop))/ {print $3}')
	[ "$exported" = dragoman_plugin_v1 ] || die "${plugin##*/} exports: $exported"
done
for definition in "$SOURCE_DIR"/formats/*.yaml; do
	[ -f "$tree/share/dragoman/formats/${definition##*/}" ] || die "${definition##*/} is not installed"
done
for completion in bash-completion/completions/dragoman zsh/vendor-completions/_dragoman fish/vendor_completions.d/dragoman.fish; do
	[ -s "$tree/share/$completion" ] || die "$completion is not installed"
done
[ -f "$tree/include/dragoman/plugin.h" ] || die "the header is not installed"

# The program finds them from its own place, also through a link and with another working folder.
mkdir links
ln -s "$tree/bin/dragoman" links/dragoman
for program in "$tree/bin/dragoman" links/dragoman; do
	env -i HOME="$work" "$program" plugins >plugins.txt || die "$program plugins: exit $?"
	for plugin in "$tree"/lib/dragoman/plugins/*.so; do
		id=${plugin##*/}
		grep -q "${id%.so}" plugins.txt || die "$program plugins does not list ${id%.so}"
	done
	env -i HOME="$work" "$program" formats >formats.txt || die "$program formats: exit $?"
	for definition in "$tree"/share/dragoman/formats/*.yaml; do
		id=${definition##*/}
		grep -q "${id%.yaml}" formats.txt || die "$program formats does not list ${id%.yaml}"
	done
done

# A plugin of somebody else, by pkg-config.
cat >other.c <<'C'
#include <dragoman/plugin.h>
static const struct dgm_plugin plugin = {.struct_size = sizeof plugin, .id = "other"};
const struct dgm_plugin *dragoman_plugin_v1(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
C
export PKG_CONFIG_PATH="$tree/lib/pkgconfig"
flags=()
eval "flags=($(pkg-config --cflags dragoman-plugin))"
cc -std=c17 -Wall -Wextra -Wpedantic -Werror "${flags[@]}" -shared -fPIC -Wl,-z,defs other.c -o other.so ||
	die "does not build by pkg-config"
folder=$(pkg-config --variable=plugindir dragoman-plugin)
[ -d "${folder//\\/}" ] || die "pkg-config names a plugindir that is not there: $folder"

# And by CMake.
mkdir project
cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(other LANGUAGES C)
find_package(dragoman REQUIRED)
add_library(other MODULE ../other.c)
target_link_libraries(other PRIVATE dragoman::plugin)
foreach(folder IN ITEMS "${DRAGOMAN_PLUGIN_DIR}" "${DRAGOMAN_FORMAT_DIR}")
	if(NOT IS_DIRECTORY "${folder}")
		message(FATAL_ERROR "not a folder: ${folder}")
	endif()
endforeach()
CMAKE
cmake -S project -B build -DCMAKE_PREFIX_PATH="$tree" >cmake.log 2>&1 && cmake --build build >>cmake.log 2>&1 ||
	{ cat cmake.log >&2; die "does not build by find_package"; }
