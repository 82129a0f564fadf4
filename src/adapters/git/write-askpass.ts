import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes the program that git asks for the password. It answers for the one place in SOWER_GIT_PLACE, whatever
 * server sends git elsewhere; the token's file is named in its environment only.
 */
export const writeAskpass = (directory: string): string => {
  const file = join(directory, 'askpass')
  mkdirSync(directory, { recursive: true })
  // Of the shell alone: git may be the only program on PATH. What git asks is in credential_ask_one (credential.c).
  const script = [
    '#!/bin/sh',
    `[ "$1" = "Password for '$SOWER_GIT_PLACE': " ] || exit 1`,
    'read -r token <"$SOWER_TOKEN_FILE"',
    String.raw`printf '%s\n' "$token"`,
    '',
  ].join('\n')
  writeFileSync(file, script, { mode: 0o700 })
  return file
}

/** A user name in the URL, which is not a secret, saves git from asking for it. */
export const withUser = (url: string, isNeeded: boolean): string => {
  if (!isNeeded || !/^https?:/i.test(url)) return url
  const address = new URL(url)
  address.username = 'x-access-token'
  address.password = ''
  return address.href
}

/** How git calls the place of a URL when it asks for the password of our user there. */
export const placeOf = (url: string): string =>
  /^[^/]*\/\/[^/]*/.exec(withUser(url, true))?.[0] ?? ''
