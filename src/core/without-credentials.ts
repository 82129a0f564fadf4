/** A text without the credentials and the values of parameters in the URLs that it holds, as kustomize takes them. */
export const withoutCredentials = (text: string): string =>
  text
    .replace(/(?<=:\/\/)[^/\s]+@/g, '***@')
    .replace(/(?<=[\w.-]+@|^|[\s'"])[^\s'"/:@]+:[^\s'"@/]+@/g, '***@')
    .replace(/([?&](?!ref=|version=|timeout=|submodules=)[^=?&\s'"]+=)[^&\s'":;]+/g, '$1***')
