import type { Finding } from './finding.ts'

/** A path as one line that does nothing to a terminal or a page. */
export const printablePath = (path: string): string =>
  path.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/gu,
    character => `\\u{${Number(character.codePointAt(0)).toString(16)}}`,
  )

/** What findings come to, and what to do about them once they are committed. */
export const describeLeaks = (
  leaks: readonly Finding[],
): Readonly<{ code: 'CREDENTIAL_LEAKED' | 'SCAN_INCOMPLETE'; fix: string }> =>
  leaks.every(({ code }) => code === 'YAML_UNREADABLE')
    ? {
        code: 'SCAN_INCOMPLETE',
        fix: 'correct the YAML: what cannot be read where sealed files lie is not let through',
      }
    : {
        code: 'CREDENTIAL_LEAKED',
        fix: 'revoke each credential first, then rewrite the history: removing the file in a later commit hides nothing',
      }
