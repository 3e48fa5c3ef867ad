import type { CareStatementRequest } from '@jeon/camara'
import type { Language } from '../language.ts'
import type { Statement } from '../statements/model.ts'
import type { Statements } from '../statements/service.ts'
import { type CareEndpoint, careEndpoint } from './endpoint.ts'
import { statementRequest } from './inputs.ts'
import { refuse } from './problems.ts'
import { timeText } from './view.ts'
import { statementPendingWords } from './words.ts'

/** A written list of charges, within two weeks (Network Act art. 58(2)). */
export function createStatementEndpoints(
  statements: Pick<Statements, 'request' | 'find'>,
): CareEndpoint[] {
  return [
    careEndpoint({
      method: 'POST',
      path: '/statements',
      summary: 'Ask for a written statement of some days, both included',
      body: statementRequest,
      reply: 'statement',
      status: 201,
      async handle({ line, body, language }) {
        const asked = await statements.request(line.id, body.from, body.to)
        if (asked.ok) return statementView(asked.statement, language)
        return asked.code === 'line_not_found'
          ? refuse('not_found', { what: 'line' })
          : refuse('field_invalid', { field: 'to', reason: asked.code })
      },
    }),
    careEndpoint({
      method: 'GET',
      path: '/statements/{id}',
      summary: 'The statement, once it is written',
      reply: 'statement',
      errors: ['not_found'],
      async handle({ line, id, language }) {
        const statement = await statements.find(id)
        return statement?.lineId === line.id
          ? statementView(statement, language)
          : refuse('not_found', { what: 'statement' })
      },
    }),
  ]
}

function statementView(statement: Statement, language: Language): CareStatementRequest {
  const { id, from, to, answerByMs, readyAtMs, text } = statement
  return {
    ...{ id, from, to },
    answer_by: timeText(answerByMs),
    ready_at: readyAtMs === null ? null : timeText(readyAtMs),
    text: text ?? statementPendingWords[language],
  }
}
