/* Stands between a process and the C library (LD_PRELOAD). Watches what is written below one folder: writes each such
 * call into a log, or ends the process with SIGKILL right before the n-th of them, or lets the n-th and all that follow
 * fail, as on a disk that is full. Idle until shim_begin is called.
 *
 * A line of the log: call, path, offset or length, data in hex; fields are separated by tabs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t folder_length;
static int log_file = -1;
static long at_call, counted;
static int fails_with;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* at: number of the call at which it happens, 0 for never. error: what the calls fail with, 0 for the end of the
 * process. log: a file to append to, or empty. */
void shim_begin(const char *below, long at, int error, const char *log) {
  folder_length = (size_t)snprintf(folder, sizeof folder, "%s/", below);
  at_call = at;
  fails_with = error;
  counted = 0;
  log_file = *log ? (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
}

long shim_end(void) {
  folder_length = 0;
  if (log_file >= 0) syscall(SYS_close, log_file);
  return counted;
}

static void say(const char *data, size_t length) {
  while (length) {
    long done = syscall(SYS_write, log_file, data, length);
    if (done <= 0) abort();
    data += done;
    length -= (size_t)done;
  }
}

/* Whether the call has to fail; errno says why. */
static int happens(const char *call, const char *path, long long where, const void *data, size_t length) {
  static const char digits[] = "0123456789abcdef";
  if (!folder_length || strncmp(path, folder, folder_length - 1)) return 0;
  if (path[folder_length - 1] == '/') {
    path += folder_length;
  } else if (!path[folder_length - 1]) {
    path = "."; /* the folder itself, whose sync keeps its names */
  } else {
    return 0;
  }
  pthread_mutex_lock(&one_at_a_time);
  counted++;
  int now = at_call && counted >= at_call;
  if (now && !fails_with) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  if (log_file >= 0) {
    char *line = malloc(PATH_MAX + 64 + 2 * length);
    if (!line) abort();
    size_t at = (size_t)sprintf(line, "%s\t%s\t%lld\t", call, path, where);
    for (size_t i = 0; i < length; i++) {
      line[at++] = digits[((const unsigned char *)data)[i] >> 4];
      line[at++] = digits[((const unsigned char *)data)[i] & 15];
    }
    line[at++] = '\n';
    say(line, at);
    free(line);
  }
  pthread_mutex_unlock(&one_at_a_time);
  if (now) errno = fails_with;
  return now;
}

static const char *named(int file, char *path) {
  char link[64];
  sprintf(link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = 0;
  return path;
}

static const char *whole(int at, const char *name, char *path) {
  if (*name == '/') return name;
  char base[PATH_MAX];
  if (at == AT_FDCWD) {
    if (!getcwd(base, sizeof base)) return "";
  } else {
    named(at, base);
  }
  if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return "";
  return path;
}

static long long position(int file) {
  struct stat found;
  int flags = fcntl(file, F_GETFL);
  if (flags >= 0 && (flags & O_APPEND) && !fstat(file, &found)) return found.st_size;
  return lseek(file, 0, SEEK_CUR);
}

ssize_t write(int file, const void *data, size_t length) {
  char path[PATH_MAX];
  if (folder_length && happens("write", named(file, path), position(file), data, length)) return -1;
  return REAL(write)(file, data, length);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t where) {
  char path[PATH_MAX];
  if (folder_length && happens("write", named(file, path), where, data, length)) return -1;
  return REAL(pwrite)(file, data, length, where);
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t where) {
  char path[PATH_MAX];
  if (folder_length && happens("write", named(file, path), where, data, length)) return -1;
  return REAL(pwrite64)(file, data, length, where);
}

int fsync(int file) {
  char path[PATH_MAX];
  if (folder_length && happens("sync", named(file, path), 0, "", 0)) return -1;
  return REAL(fsync)(file);
}

int fdatasync(int file) {
  char path[PATH_MAX];
  if (folder_length && happens("sync", named(file, path), 0, "", 0)) return -1;
  return REAL(fdatasync)(file);
}

int ftruncate(int file, off_t length) {
  char path[PATH_MAX];
  if (folder_length && happens("cut", named(file, path), length, "", 0)) return -1;
  return REAL(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length) {
  char path[PATH_MAX];
  if (folder_length && happens("cut", named(file, path), length, "", 0)) return -1;
  return REAL(ftruncate64)(file, length);
}

int unlink(const char *name) {
  char path[PATH_MAX];
  if (folder_length && happens("unlink", whole(AT_FDCWD, name, path), 0, "", 0)) return -1;
  return REAL(unlink)(name);
}

int unlinkat(int at, const char *name, int flags) {
  char path[PATH_MAX];
  if (folder_length && happens("unlink", whole(at, name, path), 0, "", 0)) return -1;
  return REAL(unlinkat)(at, name, flags);
}

int rename(const char *from, const char *to) {
  char path[PATH_MAX], target[PATH_MAX];
  if (folder_length) {
    const char *end = whole(AT_FDCWD, to, target);
    int below = strlen(end) > folder_length;
    if (happens("rename", whole(AT_FDCWD, from, path), 0, end + (below ? folder_length : 0),
                below ? strlen(end) - folder_length : 0))
      return -1;
  }
  return REAL(rename)(from, to);
}

static int opens(int at, const char *name, int flags) {
  char path[PATH_MAX];
  struct stat found;
  if (!folder_length || !(flags & (O_CREAT | O_TRUNC))) return 0;
  const char *end = whole(at, name, path);
  if (stat(end, &found)) {
    return flags & O_CREAT ? happens("create", end, 0, "", 0) : 0;
  }
  return flags & O_TRUNC ? happens("cut", end, 0, "", 0) : 0;
}

#define MODE(flags)                                    \
  mode_t mode = 0;                                     \
  if ((flags) & (O_CREAT | O_TMPFILE)) {               \
    va_list more;                                      \
    va_start(more, flags);                             \
    mode = va_arg(more, mode_t);                       \
    va_end(more);                                      \
  }

int open(const char *name, int flags, ...) {
  MODE(flags)
  if (opens(AT_FDCWD, name, flags)) return -1;
  return REAL(open)(name, flags, mode);
}

int open64(const char *name, int flags, ...) {
  MODE(flags)
  if (opens(AT_FDCWD, name, flags)) return -1;
  return REAL(open64)(name, flags, mode);
}

int openat(int at, const char *name, int flags, ...) {
  MODE(flags)
  if (opens(at, name, flags)) return -1;
  return REAL(openat)(at, name, flags, mode);
}

int openat64(int at, const char *name, int flags, ...) {
  MODE(flags)
  if (opens(at, name, flags)) return -1;
  return REAL(openat64)(at, name, flags, mode);
}
