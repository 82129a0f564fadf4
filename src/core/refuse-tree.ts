import { RefusedError } from '../errors.ts'
import { isGits } from './is-gits.ts'

/** An entry of a commit's tree, directories among them. The path has one character for each byte. */
export type TreeEntry = Readonly<{ mode: string; size: number; path: string }>

/** The most that is checked out; docs/configuration.md names these limits. Linux takes paths of 4095 bytes, and ours begin with our own. */
export const treeLimits = {
  entries: 200_000,
  bytes: 2 ** 30,
  path: 2048,
  name: 255,
  link: 4095,
} as const

/**
 * Refuses a tree that no file system takes, or that would fill one, before anything of it is written. `foldsCase` tells
 * of one that takes `A` for `a`. Throws RefusedError CHECKOUT_REFUSED.
 */
export const refuseTree = (
  sha: string,
  entries: Iterable<TreeEntry>,
  { foldsCase }: Readonly<{ foldsCase: boolean }>,
): void => {
  const known = new Set<string>()
  let bytes = 0
  for (const { mode, size, path: raw } of entries) {
    const path = shownPath(raw)
    const refuse = (reason: string): RefusedError => refusedTree(sha, reason)
    if (known.size >= treeLimits.entries)
      throw refuse(`it has more than ${treeLimits.entries} files and directories`)
    bytes += size
    if (bytes > treeLimits.bytes)
      throw refuse(`its files have more than ${treeLimits.bytes} bytes together`)
    if (raw.length > treeLimits.path)
      throw refuse(
        `the path ${path.slice(0, 60)}… has ${raw.length} bytes, and at most ${treeLimits.path} are taken`,
      )
    const names = raw.split('/')
    const long = names.find(name => name.length > treeLimits.name)
    if (long !== undefined)
      throw refuse(
        `the name ${shownPath(long).slice(0, 60)}… has ${long.length} bytes, and a file system takes ${treeLimits.name}`,
      )
    if (names.some(name => ['', '.', '..'].includes(name) || isGits(shownPath(name))))
      throw refuse(`the path ${JSON.stringify(path)} leads out of its files, or into git's own`)
    if (mode === '120000' && size > treeLimits.link)
      throw refuse(`the symbolic link ${path} has a target of ${size} bytes`)
    const name = foldsCase ? path.normalize('NFC').toLowerCase() : raw
    if (known.has(name)) throw refuse(`two entries clash as ${path}`)
    known.add(name)
  }
}

/** The refusal of a commit. */
export const refusedTree = (sha: string, reason: string): RefusedError =>
  new RefusedError('CHECKOUT_REFUSED', `checking out ${sha.slice(0, 12)}: ${reason}`, {
    fix: 'take that out of the branch',
  })

const shownPath = (raw: string): string =>
  new TextDecoder().decode(Uint8Array.from(raw, character => character.charCodeAt(0)))
