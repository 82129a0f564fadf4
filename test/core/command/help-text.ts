import t from 'tap'
import { helpList, helpText } from '../../../src/core/command/help-text.ts'
import { parseCommands } from '../../../src/core/command/parse-commands.ts'
import { verbs } from '../../../src/core/command/verbs.ts'

t.test('the help names each verb, what it does, who may and an example, and is no command', t => {
  t.equal(helpList.length, Object.keys(verbs).length)
  const listed = helpList.join('\n')
  for (const { usage, does, example } of Object.values(verbs))
    t.ok(
      [usage, does, example].every(part => listed.includes(part)),
      usage,
    )
  t.match(listed, /`permissions.detach`/)
  t.match(listed, /whoever may write/)
  t.strictSame(parseCommands([helpText, ...helpList.map(line => `- ${line}`)].join('\n')), [])
  t.end()
})
