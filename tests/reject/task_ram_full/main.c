/* More than the board has. */
static volatile char large[4 << 20];

int main(void)
{
    return large[0];
}
