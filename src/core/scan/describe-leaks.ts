import type { ScanFinding } from './scan-finding.ts'

/** The summary of findings, and the next step once they are committed. */
export const describeLeaks = (
  leaks: readonly ScanFinding[],
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
