/* SPDX-License-Identifier: Apache-2.0 */
/* System calls by number, as a hostile plugin would make them: no function of the C library stands in between. */
#define _GNU_SOURCE
#include "probes.h"

#include <assert.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define PAGE 4096

/* Where calls put what they find. */
static union {
	char bytes[PAGE];
	struct stat stat;
	uint64_t words[8];
} found __attribute__((aligned(PAGE)));

static struct {
	uint64_t words[16];
} zeros;

static long pointer(const void *p)
{
	return (long)(uintptr_t)p;
}

size_t cli_probes(const struct cli_probe_aims *aims, struct cli_probe table[CLI_PROBES_MAX])
{
	static const struct rlimit wide = {.rlim_cur = 64, .rlim_max = 64};
	static const struct {
		uint64_t flags, mode, resolve;
	} how = {.flags = O_RDONLY};
	static const char program[] = "/bin/true";
	static const char *const arguments[] = {program, NULL};
	static const char new_name[] = CLI_PROBE_NAME;
	static uint32_t io_uring[30];
	static int pair[2];
	const long file = pointer(aims->file), folder = pointer(aims->folder), name = pointer(new_name);
	const long here = AT_FDCWD, other = aims->other, parent = aims->parent, room = pointer(&found);
	const long nothing = pointer(&zeros);
	const struct cli_probe all[] = {
		{"openat", "open a file for reading", __NR_openat, {here, file, O_RDONLY}},
		{"openat", "open a file for writing", __NR_openat, {here, file, O_WRONLY}},
		{"openat", "create a file", __NR_openat, {here, name, O_CREAT | O_WRONLY, 0600}},
		{"openat", "open a folder", __NR_openat, {here, folder, O_RDONLY | O_DIRECTORY}},
		{"openat", "open a file without rights to it", __NR_openat, {here, file, O_PATH}},
		{"openat2", "open a file for reading", __NR_openat2, {here, file, pointer(&how), sizeof how}},
#ifdef __NR_open
		{"open", "open a file for reading", __NR_open, {file, O_RDONLY}},
		{"stat", "look at a file", __NR_stat, {file, room}},
		{"fork", "start a process", __NR_fork, {0}},
#endif
		{"newfstatat", "look at a file", __NR_newfstatat, {here, file, room, 0}},
		{"newfstatat", "look at a descriptor", __NR_newfstatat, {other, pointer(""), room, AT_EMPTY_PATH}},
		{"statx", "look at a file", __NR_statx, {here, file, 0, STATX_BASIC_STATS, room}},
		{"faccessat", "ask for rights to a file", __NR_faccessat, {here, file, 0}},
		{"readlinkat", "read a link", __NR_readlinkat, {here, pointer("/proc/self/exe"), room, PAGE}},
		{"statfs", "look at a file system", __NR_statfs, {folder, room}},
		{"chdir", "change the folder", __NR_chdir, {folder}},
		{"getcwd", "ask for the folder", __NR_getcwd, {room, PAGE}},
		{"chroot", "change the root", __NR_chroot, {folder}},
		{"mkdirat", "make a folder", __NR_mkdirat, {here, name, 0700}},
		{"mknodat", "make a pipe with a name", __NR_mknodat, {here, name, S_IFIFO | 0600, 0}},
		{"unlinkat", "remove a file", __NR_unlinkat, {here, file, 0}},
		{"renameat2", "rename a file", __NR_renameat2, {here, file, here, name, 0}},
		{"linkat", "give a file a second name", __NR_linkat, {here, file, here, name, 0}},
		{"symlinkat", "make a symbolic link", __NR_symlinkat, {file, here, name}},
		{"truncate", "cut a file by its name", __NR_truncate, {file, 0}},
		{"fchmodat", "change a file's mode", __NR_fchmodat, {here, file, 0666}},
		{"fchownat", "change a file's owner", __NR_fchownat, {here, file, -1, -1, 0}},
		{"utimensat", "change a file's times", __NR_utimensat, {here, file, 0, 0}},
		{"setxattr", "give a file an attribute", __NR_setxattr,
			{file, pointer("user.dragoman"), pointer("1"), 1, 0}},
		{"mount", "change a mount", __NR_mount, {0, folder, 0, MS_REMOUNT | MS_BIND, 0}},
		{"socket", "a TCP socket", __NR_socket, {AF_INET, SOCK_STREAM, 0}},
		{"socket", "a UDP socket", __NR_socket, {AF_INET, SOCK_DGRAM, 0}},
		{"socket", "a socket of IPv6", __NR_socket, {AF_INET6, SOCK_STREAM, 0}},
		{"socket", "a socket of this machine", __NR_socket, {AF_UNIX, SOCK_STREAM, 0}},
		{"socket", "a netlink socket", __NR_socket, {AF_NETLINK, SOCK_RAW, 0}},
		{"socket", "a packet socket", __NR_socket, {AF_PACKET, SOCK_RAW, 0}},
		{"socketpair", "a pair of sockets", __NR_socketpair, {AF_UNIX, SOCK_STREAM, 0, pointer(pair)}},
		{"execve", "execute a program", __NR_execve, {pointer(program), pointer(arguments), nothing}},
		{"execveat", "execute a program", __NR_execveat, {here, pointer(program), pointer(arguments), nothing}},
		{"clone", "start a process", __NR_clone, {SIGCHLD}},
		{"clone", "start one in a namespace", __NR_clone, {SIGCHLD | CLONE_NEWUSER}},
		{"clone3", "start a process", __NR_clone3, {nothing, 64}},
		{"unshare", "a namespace of its own", __NR_unshare, {CLONE_NEWUSER}},
		{"setns", "another's namespace", __NR_setns, {other, 0}},
		{"ptrace", "trace the parent", __NR_ptrace, {PTRACE_SEIZE, parent}},
		{"process_vm_readv", "read the parent's memory", __NR_process_vm_readv, {parent, 0, 0, 0, 0, 0}},
		{"kill", "signal the parent", __NR_kill, {parent, 0}},
		{"tgkill", "signal the parent", __NR_tgkill, {parent, parent, 0}},
		{"pidfd_open", "hold the parent", __NR_pidfd_open, {parent, 0}},
		{"setpgid", "leave the group", __NR_setpgid, {0, 0}},
		{"memfd_create", "a file in memory", __NR_memfd_create, {pointer("probe"), 0}},
		{"pipe2", "a pipe", __NR_pipe2, {pointer(pair), 0}},
		{"dup", "a second descriptor", __NR_dup, {0}},
		{"fcntl", "a second descriptor", __NR_fcntl, {0, F_DUPFD, 0}},
		{"eventfd2", "a descriptor for events", __NR_eventfd2, {0, 0}},
		{"epoll_create1", "a descriptor for waiting", __NR_epoll_create1, {0}},
		{"inotify_init1", "watch files", __NR_inotify_init1, {0}},
		{"io_uring_setup", "calls past the filter", __NR_io_uring_setup, {1, pointer(io_uring)}},
		{"userfaultfd", "handle page faults", __NR_userfaultfd, {O_CLOEXEC}},
		{"perf_event_open", "measure other processes", __NR_perf_event_open, {nothing, 0, -1, -1, 0}},
		{"bpf", "a program in the kernel", __NR_bpf, {0, nothing, sizeof zeros}},
		{"keyctl", "the session's keys", __NR_keyctl, {0, -3, 0}},
		{"shmget", "shared memory", __NR_shmget, {0x6472676d, PAGE, 0600}},
		{"msgget", "a queue of messages", __NR_msgget, {0x6472676d, 0600}},
		{"prctl", "become traceable", __NR_prctl, {PR_SET_DUMPABLE, 1}},
		{"seccomp", "another mode of filters", __NR_seccomp, {0, 0, 0}},
		{"prlimit64", "change a limit", __NR_prlimit64, {0, RLIMIT_NOFILE, pointer(&wide), 0}},
		{"setuid", "change the user", __NR_setuid, {0}},
		{"personality", "read as code what is data", __NR_personality, {READ_IMPLIES_EXEC}},
		{"mmap", "memory to write and execute", __NR_mmap,
			{0, PAGE, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}},
		{"mmap", "another descriptor's file", __NR_mmap, {0, PAGE, PROT_READ, MAP_PRIVATE, other, 0}},
		{"mprotect", "execute what was data", __NR_mprotect, {room, PAGE, PROT_READ | PROT_EXEC}},
		{"read", "another descriptor", __NR_read, {other, room, 1}},
		{"pread64", "another descriptor", __NR_pread64, {other, room, 1, 0}},
		{"write", "another descriptor", __NR_write, {other, room, 1}},
		{"write", "standard error", __NR_write, {2, pointer(""), 0}},
		{"lseek", "another descriptor", __NR_lseek, {other, 0, SEEK_SET}},
		{"ftruncate", "cut another descriptor's file", __NR_ftruncate, {other, 0}},
		{"sendfile", "copy another descriptor", __NR_sendfile, {other, other, 0, 0}},
		{"getdents64", "list a folder", __NR_getdents64, {other, room, PAGE}},
		{"ioctl", "ask a device", __NR_ioctl, {other, FIONREAD, room}},
	};
	static_assert(sizeof all / sizeof *all <= CLI_PROBES_MAX, "room for all probes");
	memcpy(table, all, sizeof all);
	return sizeof all / sizeof *all;
}
