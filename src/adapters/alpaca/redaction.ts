/** Takes secrets out of texts by value, however they were encoded: a server may echo them. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ])
    .filter((spelling) => spelling !== '');
  return (text) => spellings.reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text);
}
