import { Argument, type Command } from 'commander'
import type { CommandSpec } from './context.ts'

/** A place in the command tree and the words that may follow there. */
interface Place {
  /** `''` for the program itself, `'clock advance'` for a command. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly meaning: string }[]
  readonly commands: readonly string[]
}

const writers = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/** Needs the finished tree, so it is given a way to ask for it. */
export function completionFor(program: () => Command): CommandSpec<undefined> {
  return {
    name: 'completion',
    summary: 'print a completion script for a shell',
    args: [new Argument('<shell>').choices(Object.keys(writers))],
    examples: [
      ['source <(jeon completion bash)', 'in ~/.bashrc'],
      ['source <(jeon completion zsh)', 'in ~/.zshrc, after compinit'],
      ['jeon completion fish > ~/.config/fish/completions/jeon.fish', 'once'],
    ],
    read: () => undefined,
    async run(context, _options, [shell = '']) {
      const write =
        shell === 'bash' || shell === 'zsh' || shell === 'fish' ? writers[shell] : bashScript
      const script = write(placesOf(program(), ''))
      context.print(script.trimEnd(), { shell, script })
      return 0
    },
  }
}

function placesOf(command: Command, path: string): readonly Place[] {
  const own = command.commands
  const options = command.options.flatMap(({ short, long, description }) =>
    [long, short].flatMap((word) =>
      word === undefined || word === null ? [] : [{ word, meaning: description }],
    ),
  )
  const choices = command.registeredArguments.flatMap(({ argChoices }) =>
    (argChoices ?? []).map((word) => ({ word, meaning: '' })),
  )
  const place: Place = {
    path,
    commands: own.map((child) => child.name()),
    words: [
      ...own.map((child) => ({ word: child.name(), meaning: child.description() })),
      ...choices,
      ...options,
      { word: '--help', meaning: 'what it does, with examples' },
    ],
  }
  return [place, ...own.flatMap((child) => placesOf(child, `${path} ${child.name()}`.trim()))]
}

function bashScript(places: readonly Place[]): string {
  const steps = places.flatMap(({ path, commands }) => commands.map((name) => `"${path} ${name}"`))
  const cases = places.map(
    ({ path, words }) =>
      `    "${path === '' ? '' : ` ${path}`}") words="${words.map(({ word }) => word).join(' ')}" ;;`,
  )
  const known = steps.map((step) => (step.startsWith('" ') ? step : step.replace('"', '" ')))
  return `# jeon completion for bash
_jeon() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path \${COMP_WORDS[index]}" in
      ${known.join('|')}) path="$path \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _jeon jeon
`
}

function zshScript(places: readonly Place[]): string {
  const known = places
    .flatMap(({ path, commands }) => commands.map((name) => `"${` ${path}`.trimEnd()} ${name}"`))
    .join('|')
  const cases = places.map(({ path, words }) => {
    const described = words.map(({ word, meaning }) => `'${zshText(word)}:${zshText(meaning)}'`)
    return `    "${path === '' ? '' : ` ${path}`}") words_here=(${described.join(' ')}) ;;`
  })
  return `#compdef jeon
_jeon() {
  local path_here="" index
  local -a words_here
  for ((index = 2; index < CURRENT; index++)); do
    case "$path_here \${words[index]}" in
      ${known}) path_here="$path_here \${words[index]}" ;;
    esac
  done
  case "$path_here" in
${cases.join('\n')}
  esac
  _describe 'jeon' words_here || _files
}
if [ "$funcstack[1]" = "_jeon" ]; then _jeon "$@"; else compdef _jeon jeon; fi
`
}

function zshText(text: string): string {
  return text.replaceAll("'", '’').replaceAll(':', '\\:')
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, commands }) => {
    const seen = path.split(' ').filter((name) => name !== '')
    const condition = [
      ...seen.map((name) => `__fish_seen_subcommand_from ${name}`),
      ...(commands.length > 0 ? [`not __fish_seen_subcommand_from ${commands.join(' ')}`] : []),
    ].join('; and ')
    return words.map(({ word, meaning }) => {
      const name = word.startsWith('--')
        ? `-l ${word.slice(2)}`
        : word.startsWith('-')
          ? `-s ${word.slice(1)}`
          : `-f -a ${word}`
      return `complete -c jeon -n '${condition}' ${name} -d '${meaning.replaceAll("'", '’')}'`
    })
  })
  return `# jeon completion for fish\n${lines.join('\n')}\n`
}
