/* A variable in a section that start-up code does not know. */
__attribute__((section(".mydata"))) int counter = 3;

int main(void)
{
    return ++counter;
}
