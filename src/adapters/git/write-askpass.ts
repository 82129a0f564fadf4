import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** git asks this program for the password; the token's file is named in its environment only. */
export const writeAskpass = (directory: string): string => {
  const file = join(directory, 'askpass')
  mkdirSync(directory, { recursive: true })
  // Of the shell alone: git may be the only program on PATH.
  const script = `#!/bin/sh\nread -r token <"$SOWER_TOKEN_FILE"\nprintf '%s\\n' "$token"\n`
  writeFileSync(file, script, { mode: 0o700 })
  return file
}

/** A user name in the URL, which is no secret, saves git from asking for it. */
export const withUser = (url: string, isNeeded: boolean): string =>
  isNeeded ? url.replace(/^(https?:\/\/)(?:[^@/]*@)?/, '$1x-access-token@') : url
