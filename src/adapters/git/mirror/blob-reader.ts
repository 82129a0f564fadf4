import { spawnSync } from 'node:child_process'
import { InputError, UnavailableError } from '../../../errors.ts'
import { blobsIn } from '../blobs-in.ts'
import type { GitPlace } from '../run-git.ts'

/** Reads the bytes of a file by its id; those after it in `next` come along where they are small. */
export type BlobReader = (id: string, next: () => Iterable<Blob>) => Uint8Array

/** The id and the size by which a commit lists a file. */
export type Blob = Readonly<{ id: string; size: number }>

const mebibyte = 2 ** 20
/** Bytes to keep of all commits together, to read at once, and of a small file; files to read at once. */
const limits = { kept: 64 * mebibyte, batch: 16 * mebibyte, small: mebibyte / 4, files: 4096 }

/**
 * Creates a reader of the objects of a repository, without a checkout. Core asks for one file after the other and waits
 * for none, so each question to git brings the files that follow, four times as many as the last one. Throws InputError
 * GIT_FAILED for an object that a partial clone left out, UnavailableError GIT_FAILED where git gives no answer.
 */
export const blobReader = ({ directory, environment }: GitPlace): BlobReader => {
  const kept = new Map<string, Uint8Array>()
  let held = 0
  let ahead = 16

  const keep = (id: string, bytes: Uint8Array): void => {
    kept.set(id, bytes)
    held += bytes.length
    for (const [oldest, old] of kept) {
      if (held <= limits.kept || oldest === id) break
      kept.delete(oldest)
      held -= old.length
    }
  }

  const ask = (ids: readonly string[]): Buffer => {
    const { status, stdout, stderr, error } = spawnSync('git', ['cat-file', '--batch'], {
      cwd: directory,
      env: { ...environment, LC_ALL: 'C', GIT_NO_REPLACE_OBJECTS: '1' },
      input: ids.map(id => `${id}\n`).join(''),
      maxBuffer: 2 ** 30 + limits.batch,
      timeout: 60_000,
    })
    if (error === undefined && status === 0) return stdout
    // A git that ends before it has read the question breaks the pipe, and says more itself.
    const said = status === null ? '' : stderr.toString().trim()
    const reason = said || (error?.message ?? 'it was ended')
    throw new UnavailableError('GIT_FAILED', `git cat-file: ${reason}`, { cause: error })
  }

  return (id, next) => {
    const known = kept.get(id)
    if (known) return known
    const ids = [id]
    let size = 0
    for (const one of next()) {
      if (ids.length > ahead || size > limits.batch) break
      if (one.size > limits.small || kept.has(one.id)) continue
      ids.push(one.id)
      size += one.size
    }
    ahead = Math.min(4 * ahead, limits.files)
    const unique = [...new Set(ids)]
    // A copy of each, so that what one of them holds is not the memory of all.
    const [bytes = new Uint8Array(), ...others] = [...blobsIn(ask(unique), unique, leftOut)].map(
      blob => Buffer.from(blob),
    )
    for (const [at, other] of others.entries()) keep(unique[at + 1] ?? '', other)
    keep(id, bytes)
    return bytes
  }
}

/** Asking again would not help: whoever made the clone left it out. */
const leftOut = (reason: string): InputError =>
  new InputError('GIT_FAILED', reason, {
    fix: 'a clone that leaves out files of HEAD is completed with `git sparse-checkout disable`',
  })
