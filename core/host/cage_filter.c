/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table of system calls and what they are allowed, made into a program by hand: libseccomp builds the same from rules,
 * but in ten times the time, which each worker would pay, and a table can be read. What is not in it ends the process.
 */
#define _GNU_SOURCE
#include "host/cage_filter.h"

#include <assert.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
/* The calls of the x32 interface are others under the same numbers. */
#define FOREIGN_CALLS 0x40000000u
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#else
#error "the cage knows x86_64 and aarch64; another machine needs its AUDIT_ARCH here"
#endif

/* What a call may be given. */
enum rule {
	ALWAYS,
	READS,     /* its first argument is a descriptor that may be read */
	WRITES,    /* that may be written */
	EITHER,    /* one of both */
	SELF,      /* its first argument is this process */
	ASKS,      /* its second argument is F_GETFL */
	ANONYMOUS, /* memory without a file that cannot be executed */
	DATA,      /* memory that cannot be executed */
	THREADS,   /* a thread of this process, where the cage has them */
	FAILS,     /* with the error beside it: the C library asks and goes on */
};

struct row {
	uint16_t call, error;
	enum rule rule;
};

/* In the order in which a conversion needs them. */
static const struct row table[] = {
	{__NR_read, 0, READS},
	{__NR_write, 0, WRITES},
	{__NR_brk, 0, ALWAYS},
	{__NR_mmap, 0, ANONYMOUS},
	{__NR_munmap, 0, ALWAYS},
	{__NR_mremap, 0, ALWAYS},
	{__NR_madvise, 0, ALWAYS},
	{__NR_mprotect, 0, DATA},
	{__NR_lseek, 0, EITHER},
	{__NR_fstat, 0, EITHER},
	{__NR_pread64, 0, READS},
	{__NR_pwrite64, 0, WRITES},
	{__NR_readv, 0, READS},
	{__NR_writev, 0, WRITES},
	{__NR_fsync, 0, WRITES},
	{__NR_fcntl, 0, ASKS},
	{__NR_close, 0, ALWAYS},
	{__NR_futex, 0, ALWAYS},
	{__NR_clock_gettime, 0, ALWAYS},
	{__NR_gettimeofday, 0, ALWAYS},
	{__NR_getrandom, 0, ALWAYS},
	{__NR_getpid, 0, ALWAYS},
	{__NR_gettid, 0, ALWAYS},
	{__NR_rt_sigprocmask, 0, ALWAYS},
	{__NR_rt_sigaction, 0, ALWAYS},
	{__NR_rt_sigreturn, 0, ALWAYS},
	{__NR_sigaltstack, 0, ALWAYS},
	{__NR_restart_syscall, 0, ALWAYS},
	{__NR_tgkill, 0, SELF},
	/* Waits for a descriptor that is not ready; it reads nothing. */
	{__NR_ppoll, 0, ALWAYS},
#ifdef __NR_poll
	{__NR_poll, 0, ALWAYS},
#endif
	/* qsort asks for the size of the memory, malloc for the number of processors. */
	{__NR_sysinfo, 0, ALWAYS},
	{__NR_sched_getaffinity, 0, ALWAYS},
	{__NR_sched_yield, 0, ALWAYS},
	{__NR_exit, 0, ALWAYS},
	{__NR_exit_group, 0, ALWAYS},
	{__NR_clone, 0, THREADS},
	{__NR_clone3, ENOSYS, FAILS}, /* its flags lie where no filter can look; the C library then calls clone */
	{__NR_set_robust_list, 0, THREADS},
	{__NR_rseq, 0, THREADS},
	{__NR_ioctl, ENOTTY, FAILS},
	{__NR_getcwd, EPERM, FAILS},
	{__NR_readlinkat, EPERM, FAILS},
#ifdef __NR_readlink
	{__NR_readlink, EPERM, FAILS},
#endif
};

static void step(struct dgm_filter *filter, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
	assert(filter->count < DGM_FILTER_MAX);
	filter->steps[filter->count++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct dgm_filter *filter, size_t offset)
{
	step(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void end(struct dgm_filter *filter, uint32_t action)
{
	step(filter, BPF_RET | BPF_K, action, 0, 0);
}

/* The lower half of an argument; the kernel takes descriptors, protections and flags of these calls from it. */
static void load_argument(struct dgm_filter *filter, unsigned number)
{
	load(filter, offsetof(struct seccomp_data, args[number]));
}

static void allow_fds(struct dgm_filter *filter, const struct dgm_cage *cage, uint32_t use)
{
	load_argument(filter, 0);
	for (size_t i = 0; i < cage->fd_count; i++) {
		if (!(cage->fds[i].use & use))
			continue;
		step(filter, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)cage->fds[i].first, 0, 2);
		step(filter, BPF_JMP | BPF_JGT | BPF_K, (uint32_t)cage->fds[i].last, 1, 0);
		end(filter, SECCOMP_RET_ALLOW);
	}
	end(filter, SECCOMP_RET_KILL_PROCESS);
}

/* Allows where the loaded value has these bits of the mask. */
static void allow_bits(struct dgm_filter *filter, uint32_t mask, uint32_t bits)
{
	step(filter, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	step(filter, BPF_JMP | BPF_JEQ | BPF_K, bits, 0, 1);
	end(filter, SECCOMP_RET_ALLOW);
	end(filter, SECCOMP_RET_KILL_PROCESS);
}

static void allow_equal(struct dgm_filter *filter, unsigned argument, uint32_t value)
{
	load_argument(filter, argument);
	allow_bits(filter, UINT32_MAX, value);
}

static void allow_anonymous(struct dgm_filter *filter)
{
	load_argument(filter, 2);
	step(filter, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
	end(filter, SECCOMP_RET_KILL_PROCESS);
	load_argument(filter, 3);
	allow_bits(filter, MAP_ANONYMOUS, MAP_ANONYMOUS);
}

static void allow_thread(struct dgm_filter *filter, const struct dgm_cage *cage, uint16_t call)
{
	const uint32_t flags = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
	if (!cage->threads) {
		end(filter, SECCOMP_RET_KILL_PROCESS);
	} else if (call != __NR_clone) {
		end(filter, SECCOMP_RET_ALLOW);
	} else {
		load_argument(filter, 0);
		allow_bits(filter, flags, flags);
	}
}

static void write_row(struct dgm_filter *filter, const struct dgm_cage *cage, unsigned self, const struct row *row)
{
	switch (row->rule) {
	case ALWAYS:
		end(filter, SECCOMP_RET_ALLOW);
		return;
	case READS:
		allow_fds(filter, cage, DGM_CAGE_READ);
		return;
	case WRITES:
		allow_fds(filter, cage, DGM_CAGE_WRITE);
		return;
	case EITHER:
		allow_fds(filter, cage, DGM_CAGE_BOTH);
		return;
	case SELF:
		allow_equal(filter, 0, self);
		return;
	case ASKS:
		allow_equal(filter, 1, 3 /* F_GETFL */);
		return;
	case ANONYMOUS:
		allow_anonymous(filter);
		return;
	case DATA:
		load_argument(filter, 2);
		allow_bits(filter, PROT_EXEC, 0);
		return;
	case THREADS:
		allow_thread(filter, cage, row->call);
		return;
	case FAILS:
		end(filter, SECCOMP_RET_ERRNO | row->error);
		return;
	}
}

void dgm_filter_build(struct dgm_filter *filter, const struct dgm_cage *cage, unsigned self)
{
	filter->count = 0;
	load(filter, offsetof(struct seccomp_data, arch));
	step(filter, BPF_JMP | BPF_JEQ | BPF_K, THIS_MACHINE, 1, 0);
	end(filter, SECCOMP_RET_KILL_PROCESS);
	load(filter, offsetof(struct seccomp_data, nr));
#ifdef FOREIGN_CALLS
	step(filter, BPF_JMP | BPF_JGE | BPF_K, FOREIGN_CALLS, 0, 1);
	end(filter, SECCOMP_RET_KILL_PROCESS);
#endif
	for (size_t i = 0; i < DGM_COUNT(table); i++) {
		step(filter, BPF_JMP | BPF_JEQ | BPF_K, table[i].call, 1, 0);
		const unsigned short jump = filter->count;
		step(filter, BPF_JMP | BPF_JA, 0, 0, 0);
		write_row(filter, cage, self, &table[i]);
		filter->steps[jump].k = (uint32_t)(filter->count - jump - 1);
	}
	end(filter, SECCOMP_RET_KILL_PROCESS);
}
