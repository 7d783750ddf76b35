/* The source of every task here: no test gets as far as compiling it. */
int main(void)
{
    return 0;
}
