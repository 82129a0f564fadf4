import { randomBytes } from 'node:crypto'
import t from 'tap'
import { refuseWeakSecret } from '../../../src/bot/webhook/refuse-weak-secret.ts'
import { InputError } from '../../../src/errors.ts'

t.test('hole 2: refuses a secret that can be guessed, and does not say which', async t => {
  const weak = [
    ...['', 'development', 'Development', 'fifteen letters', 'changeme', 'ä'.repeat(40)],
    ...[
      'x'.repeat(64),
      'developmentdevelopment',
      'my-webhook-secret',
      'your-github-webhook-secret',
    ],
    ...['abababababababababab', '0123456789abcdef', '1234567890123456', 'fedcba9876543210'],
    ...['abcabcabcabcabcabcabc', 'change-me-change-me', 'secretsecretsecret', '\u0000'.repeat(20)],
  ]
  for (const webhookSecret of weak) {
    let error: unknown
    try {
      refuseWeakSecret(webhookSecret)
    } catch (thrown) {
      error = thrown
    }
    t.ok(error instanceof InputError, JSON.stringify(webhookSecret))
    t.match(error, { code: 'WEBHOOK_SECRET_WEAK', exitCode: 2, fix: /openssl rand -hex 32/ })
    if (webhookSecret !== '' && !'secret'.includes(webhookSecret))
      t.notOk(String(error).includes(webhookSecret))
  }
  const strong = [
    'sixteen letters!',
    'webhook-secret-0123456789',
    'sandbox-webhook-secret-0123456789',
  ]
  for (let count = 0; count < 500; count += 1) {
    strong.push(randomBytes(16).toString('hex'), randomBytes(32).toString('base64'))
  }
  for (const secret of strong) refuseWeakSecret(secret)
})
