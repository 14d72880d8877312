/* Keeps what was flushed: for every fsync and fdatasync of a file in FLUSHED_FROM a copy of it in FLUSHED_TO, named by its
   inode; for every one of a folder the names in it with their inodes. What a machine that lost its power would find. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void keep_file(const char *self, const char *to, unsigned long inode) {
    char target[PATH_MAX], aside[PATH_MAX + 8], buffer[1 << 16];
    snprintf(target, sizeof target, "%s/file-%lu", to, inode);
    snprintf(aside, sizeof aside, "%s.part", target);
    int in = open(self, O_RDONLY), out = open(aside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t count;
    while ((count = read(in, buffer, sizeof buffer)) > 0)
        if (write(out, buffer, count) != count) abort();
    close(in);
    close(out);
    rename(aside, target);
}

static void keep_names(const char *path, const char *from, const char *to) {
    char target[PATH_MAX], aside[PATH_MAX + 8];
    snprintf(target, sizeof target, "%s/names%s", to, strcmp(path, from) == 0 ? "" : "-snapshots");
    snprintf(aside, sizeof aside, "%s.part", target);
    FILE *out = fopen(aside, "w");
    DIR *folder = opendir(path);
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_type == DT_REG) fprintf(out, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    closedir(folder);
    fclose(out);
    rename(aside, target);
}

static void keep(int file) {
    const char *from = getenv("FLUSHED_FROM"), *to = getenv("FLUSHED_TO");
    char self[64], path[PATH_MAX];
    snprintf(self, sizeof self, "/proc/self/fd/%d", file);
    ssize_t length = readlink(self, path, sizeof path - 1);
    if (from == NULL || to == NULL || length < 0) return;
    path[length] = 0;
    if (strncmp(path, from, strlen(from)) != 0) return;
    struct stat status;
    if (fstat(file, &status) != 0) return;
    pthread_mutex_lock(&lock);
    if (S_ISREG(status.st_mode)) keep_file(self, to, (unsigned long)status.st_ino);
    if (S_ISDIR(status.st_mode)) keep_names(path, from, to);
    pthread_mutex_unlock(&lock);
}

int fsync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = real(file);
    if (result == 0) keep(file);
    return result;
}

int fdatasync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = real(file);
    if (result == 0) keep(file);
    return result;
}
