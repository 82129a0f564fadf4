import { InputError } from '../../../errors.ts'
import type { Surroundings } from '../../../surroundings.ts'

/** A command with all that may stand behind it. */
export type Completed = Readonly<{
  name: string
  /** Its flags, and the names of the commands below it. */
  words: readonly string[]
  /** The formats that its -o takes; none where that names a file. */
  formats: readonly string[]
}>

/**
 * `sower completion bash|zsh`: prints a script that completes commands and their flags, and files elsewhere. Throws
 * InputError ARGUMENT_INVALID for another shell.
 */
export const completionCommand = (
  { print }: Pick<Surroundings, 'print'>,
  shell: string,
  commands: readonly Completed[],
): void => {
  const scripts: Readonly<Record<string, (commands: readonly Completed[]) => string>> = {
    bash,
    zsh,
  }
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined
  if (script === undefined)
    throw new InputError('ARGUMENT_INVALID', `reading <shell>: ${shell} is not supported`, {
      fix: 'give bash or zsh',
    })
  print(script(commands))
}

const names = (commands: readonly Completed[]): string => commands.map(({ name }) => name).join(' ')

const cases = (commands: readonly Completed[], [open, close]: readonly [string, string]): string =>
  commands
    .map(({ name, words, formats }) => {
      const list = (all: readonly string[]): string => `${open}${all.join(' ')}${close}`
      return `    ${name}) flags=${list(words)} formats=${list(formats)} ;;\n`
    })
    .join('')

const bash = (commands: readonly Completed[]): string => `# source <(sower completion bash)
_sower() {
  local word=\${COMP_WORDS[COMP_CWORD]} flags= formats=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names(commands)}' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases(commands, ["'", "'"])}  esac
  case \${COMP_WORDS[COMP_CWORD - 1]} in
    -o | --output) flags=$formats ;;
  esac
  COMPREPLY=($(compgen -W "$flags" -- "$word"))
}
complete -o default -F _sower sower
`

const zsh = (commands: readonly Completed[]): string => `#compdef sower
# source <(sower completion zsh)
_sower() {
  local -a flags formats
  if (( CURRENT == 2 )); then
    compadd -- ${names(commands)}
    return
  fi
  case $words[2] in
${cases(commands, ['(', ')'])}  esac
  if [[ $words[CURRENT-1] == (-o|--output) ]] && (( $#formats )); then compadd -- $formats
  elif [[ $words[CURRENT] == -* ]]; then compadd -- $flags
  else _files; fi
}
if [[ $funcstack[1] == _sower ]]; then _sower "$@"; else compdef _sower sower; fi
`
