/** The YAML spelling of a key of the program: `maxFraction` is `max_fraction`. */
export function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
