import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownEnvironment } from '../own-environment.ts'
import { runGit, type GitPlace } from '../run-git.ts'
import { withUser } from '../write-askpass.ts'

/** Where to clone from and how. */
export type MirrorOptions = Readonly<{
  /** `https://host/owner/name.git`, `ssh://git@host/owner/name.git`, or a local path. */
  url: string
  /** A directory of ours: the mirror and the checkouts go below it. */
  directory: string
  /** A file with the token; git asks for it through a program, so it is in no argument and no URL. */
  tokenFile: string | null
  /** A certificate authority of `url` beside the built-in ones, PEM. */
  authority?: string | null
  /** Directories for finding git. */
  path: string
  /** The socket of a person's ssh agent, null without one; only with it is `url` asked by ssh. */
  agent?: string | null
  /** The objects of a clone on this machine: its commits are read where they are, without a fetch. */
  objects?: Objects
}>

/** Where a clone keeps its objects, and the format of their ids. */
type Objects = Readonly<{ directory: string; format: string }>

/**
 * Opens the bare repository below our directory, made or completed where it is not there, and returns the place
 * for running git in it. Throws UnavailableError GIT_FAILED, or the system's error for a directory that cannot
 * be used.
 */
export const openMirror = async (options: MirrorOptions): Promise<GitPlace> => {
  const { url, directory, tokenFile, path, objects } = options
  const mirror = join(directory, 'mirror.git')
  mkdirSync(mirror, { recursive: true, mode: 0o700 })
  // A killed process leaves its locks behind; nobody else works in this directory.
  for (const file of readdirSync(mirror, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.lock')) rmSync(join(mirror, file), { force: true })
  const place: GitPlace = {
    directory: mirror,
    environment: ownEnvironment({ home: directory, path }),
    timeLimit: 600_000,
  }
  if (objects === undefined) {
    // It completes one that was begun, and changes nothing of one that is there. The template is none: no hook
    // of the system comes along.
    await runGit(place, ['init', '--quiet', '--bare', '--template='])
    await runGit(place, ['config', 'remote.origin.url', withUser(url, tokenFile !== null)])
    // By itself git follows the first redirect, and believes and asks that place for the rest.
    await runGit(place, ['config', 'http.followRedirects', 'false'])
  } else {
    layOut(mirror, objects)
  }
  return place
}

/** Lays out what gitrepository-layout(5) asks of a repository: a process less, for those that soon go again. */
const layOut = (mirror: string, objects: Objects): void => {
  for (const folder of ['objects/info', 'refs/heads'])
    mkdirSync(join(mirror, folder), { recursive: true })
  const isVersion0 = objects.format === 'sha1'
  const extensions = isVersion0 ? '' : `[extensions]\n\tobjectFormat = ${objects.format}\n`
  const config = `[core]\n\trepositoryFormatVersion = ${isVersion0 ? 0 : 1}\n\tbare = true\n${extensions}`
  writeFileSync(join(mirror, 'config'), config)
  writeFileSync(join(mirror, 'objects', 'info', 'alternates'), `${objects.directory}\n`)
  writeFileSync(join(mirror, 'HEAD'), 'ref: refs/heads/main\n')
}
