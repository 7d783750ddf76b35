/* Ends at once, and nobody handles that: it stopped for good. */
int main(void)
{
    return 0;
}
