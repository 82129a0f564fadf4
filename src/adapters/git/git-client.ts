import { resolve } from 'node:path'
import { simpleGit, type SimpleGit } from 'simple-git'

const author = { name: 'Sower', email: 'sower@sower.dev' }

/** git in a directory, with an environment of its own: nothing of ours and nothing of the system's. */
export const gitClient = (
  options: Readonly<{
    at: string
    home: string
    /** Directories for finding git. */
    path: string
    tokenFile: string | null
    /** The program that git asks for the token. */
    askpass: string
    /** Which repository, work tree and index, where they are not those of the directory. */
    environment: Readonly<Record<string, string>>
  }>,
): SimpleGit => {
  const { at, home, path, tokenFile, askpass, environment } = options
  const git = simpleGit({
    baseDir: at,
    maxConcurrentProcesses: 2,
    timeout: { block: 600_000 },
    // All that git said is read before its end counts, however late this process comes to it.
    completion: { onClose: true, onExit: false },
    allowEnvironment: [
      'GIT_ASKPASS',
      'GIT_TERMINAL_PROMPT',
      'GIT_CONFIG_NOSYSTEM',
      'GIT_ALLOW_PROTOCOL',
      'GIT_AUTHOR_NAME',
      'GIT_AUTHOR_EMAIL',
      'GIT_COMMITTER_NAME',
      'GIT_COMMITTER_EMAIL',
      'GIT_LITERAL_PATHSPECS',
      'GIT_DIR',
      'GIT_WORK_TREE',
      'GIT_INDEX_FILE',
    ],
    // The template is none: no hook of the system comes along.
    unsafe: { allowUnsafeAskPass: true, allowUnsafeTemplateDir: true },
    // By itself it takes a failure without a word on stderr, such as a merge conflict, for a success.
    errors: (error, { exitCode, stdOut, stdErr }) =>
      error ?? (exitCode === 0 ? undefined : Buffer.concat([...stdErr, ...stdOut])),
  })
  // simple-git waits 50 ms more after a command that said nothing: an empty word ends that.
  git.outputHandler((_command, _stdout, stderr) => {
    process.nextTick(() => stderr.emit('data', Buffer.alloc(0)))
  })
  return git.env({
    PATH: path,
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'http:https:file',
    // Paths are paths: none is a pattern.
    GIT_LITERAL_PATHSPECS: '1',
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    ...environment,
    ...(tokenFile === null ? {} : { GIT_ASKPASS: askpass, SOWER_TOKEN_FILE: resolve(tokenFile) }),
  })
}
