/** Names in a message: all of them, or the first eight and how many more there are. */
export const nameFew = (names: readonly string[]): string =>
  names.length > 9
    ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`
    : names.join(', ')
