import { simpleGit, type SimpleGit } from 'simple-git'
import { askpassEnvironment, ownEnvironment, type Credential, type Own } from './own-environment.ts'

/** Creates the git that fetches, pushes and reads the log of a directory, in an environment of its own. */
export const gitClient = ({
  at,
  credential,
  trusted,
  ...own
}: Own &
  Readonly<{
    at: string
    credential: Credential | null
    /** The file with the authorities that a server's certificate may be from; null: those of the system. */
    trusted: string | null
  }>): SimpleGit => {
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
      'GIT_SSL_CAINFO',
      'SSH_AUTH_SOCK',
    ],
    unsafe: { allowUnsafeAskPass: true },
    // By itself it takes a failure without a word on stderr for a success.
    errors: (error, { exitCode, stdOut, stdErr }) =>
      error ?? (exitCode === 0 ? undefined : Buffer.concat([...stdErr, ...stdOut])),
  })
  // simple-git waits 50 ms more after a command that said nothing: an empty word ends that.
  git.outputHandler((_command, _stdout, stderr) => {
    process.nextTick(() => stderr.emit('data', Buffer.alloc(0)))
  })
  return git.env({
    ...ownEnvironment(own),
    ...(credential === null ? {} : askpassEnvironment(credential)),
    ...(trusted === null ? {} : { GIT_SSL_CAINFO: trusted }),
  })
}
