/** Pages of one reading, one of which may be on its way while the one before is worked on. */
export class PageReader<Page> {
  readonly #read: () => Promise<Page>;
  #coming: Promise<Page> | undefined;

  constructor(read: () => Promise<Page>) {
    this.#read = read;
  }

  next(): Promise<Page> {
    const page = this.#coming ?? this.#read();
    this.#coming = undefined;
    return page;
  }

  /** Asks for the next page now. */
  begin(): void {
    this.#coming = this.#read();
    // Who takes the page hears of its failure; who stops before has no use for it.
    this.#coming.catch(() => undefined);
  }

  /** Nothing is under way any more. */
  async end(): Promise<void> {
    await this.#coming?.catch(() => undefined);
  }
}
