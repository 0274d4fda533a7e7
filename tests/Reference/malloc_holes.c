// What src/Pipeline.Training/PERFORMANCE.md says of malloc: gcc -O1 malloc_holes.c -o /tmp/holes && /tmp/holes
// A buffer to be freed and one to be kept, a hundred times, aligned as libtorch asks for them and with the options of TorchRuntime.
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
    mallopt(M_TOP_PAD, 16 << 20);
    for (int i = 0; i < 100; i++)
    {
        void *passing, *kept;
        if (posix_memalign(&passing, 64, 8 << 20) || posix_memalign(&kept, 64, 8 << 20)) return 1;
        free(passing);
    }
    struct mallinfo2 heap = mallinfo2();
    printf("%zu MB in use, %zu MB free\n", heap.uordblks >> 20, heap.fordblks >> 20);
}
