/**
 * European Union: payments on a phone bill need no licence within the telecom exclusion of PSD2. Members differ:
 * Germany asks for the carrier's own page (`identity.redirectRequired`), Germany and Italy average the month over a
 * year, which is not done here: the plain month is the stricter reading. Zone and numbers are those of the carrier's seat
 * and are overridden with the rest.
 */
import type { MarketProfile } from '../model.ts'
import { EXCLUSION_FROM, exclusionRules } from './telecom-exclusion.ts'

const EU_2018: MarketProfile = {
  market: 'EU',
  version: 'EU-2018-01-13',
  effectiveFrom: EXCLUSION_FROM,
  currency: 'EUR',
  zone: 'Europe/Berlin',
  languages: ['en', 'de', 'fr', 'it'],
  numbers: { callingCode: '49', trunkPrefix: '0' },
  ...exclusionRules({
    kinds: ['postpaid', 'corporate'],
    ceiling: { transaction: '50', month: '300' },
    personal: { transaction: '50', month: '100' },
    billDay: 3,
    dueDay: 17,
    objectionContact: 'the number on the phone bill',
    lateRefund: 'bank_transfer',
  }),
  sources: [
    {
      about:
        'At most €50 a payment and €300 a month per subscriber; digital content, voice, tickets, charity',
      cite: 'Directive (EU) 2015/2366 art. 3(l), in force from 2018-01-13',
      grade: 'A',
    },
    {
      about:
        'Germany and Italy average over the year; France counts the end user of business lines',
      cite: 'cullen-international.com (2018); paytechlaw.com on PSD3 and PSR',
      grade: 'B',
    },
    {
      about: 'Germany: confirmation on the carrier’s own page since 2020-02-01',
      cite: 'BNetzA Verfügung 108/2019, via de.readkong.com',
      grade: 'A',
    },
    {
      about: 'PSR and PSD3: compromise texts of April 2026, telecom thresholds not final',
      cite: 'arthurcox.com/insights/psd3-and-psr-final-compromise-texts-published',
      grade: 'B',
    },
    {
      about:
        'No source found: ages, what a line starts with, bill and due day, ladder, cancellation, fees, lag, use of a line by a platform',
      cite: 'parameters of this project',
      grade: 'C',
    },
  ],
}

/** European Union, the oldest version first. */
export const EU_PROFILES: readonly MarketProfile[] = [EU_2018]
