import type { Article } from './model.ts'

export const tideClock: Article = {
  id: 'tide-clock',
  section: 'column',
  price: { amount: '0.3', currency: 'KRW' },
  minutes: 1,
  text: {
    ko: {
      title: '오늘의 물때: 조금',
      deck: '바다가 가장 게으른 날에 할 일',
      byline: '물때 칼럼 · 모래포',
      caption: '조금 무렵의 모래포. 배들이 같은 자리에 오래 떠 있다.',
      teaser:
        '오늘은 조금이다. 밀물은 덜 차고 썰물은 덜 빠져, 바다가 제자리에서 숨만 쉬는 날. 어부들은 그물을 깁고 갯벌은 하루를 쉰다. 달력에는 없지만 모래포 사람들은 이런 날을 ‘바다의 일요일’이라 부른다.',
      heading: '게으른 바다의 쓸모',
      body: [
        '물살이 약하니 물이 맑다. 평소에는 흙탕에 가려 보이지 않던 것들이 바닥에서 올라온다. 지난 조금에는 잃어버린 닻이, 그 전 조금에는 누군가의 안경이 나왔다. 모래포에서 물건을 잃은 사람은 찾지 않고 기다린다. 보름에 한 번은 바다가 주머니를 뒤집어 보여 주기 때문이다.',
        '할머니들은 조금에 다투지 말라고 했다. 물살이 말을 실어 가지 않아서, 뱉은 말이 그 자리에 오래 떠 있다는 것이다. 과학적 근거는 없다. 다만 이 마을의 화해는 대개 사리, 바다가 가장 바쁜 날에 이루어졌다.',
        '내일 만조는 오전 여섯 시 십이 분, 오늘보다 딱 손가락 세 마디 높다. 바다가 다시 일어나는 것이다. 그 전에 그물을 깁고, 편지에 답장을 쓰고, 하지 않아도 되는 일을 하나 더 미루시기를.',
        '그리고 혹시 안경을 잃은 분은 모래포 어촌계로 연락 주시기 바란다. 왼쪽 알에 작은 따개비가 하나 붙었지만, 보는 데는 지장이 없다.',
      ],
    },
    en: {
      title: 'Today’s Tide: Neap',
      deck: 'What to do on the laziest day of the sea',
      byline: 'Tide column, Moraepo',
      caption: 'Moraepo at neap tide: boats stay where they are.',
      teaser:
        'Today is neap. The flood does not quite arrive, the ebb does not quite leave, and the sea stays where it is and breathes. Fishermen mend their nets and the mudflats have a day off. It is in no calendar, but in Moraepo they call it the sea’s Sunday.',
      heading: 'The uses of a lazy sea',
      body: [
        'With so little current the water clears, and things that are hidden on other days rise into view. At the last neap it was a lost anchor; at the one before, somebody’s spectacles. In Moraepo people who lose something do not search. They wait. Once a fortnight the sea turns out its pockets.',
        'Grandmothers used to say: never quarrel at neap. The current does not carry your words away, so they float for a long time where you dropped them. There is no science in this. Still, the reconciliations of this village have mostly happened on spring tides, when the sea is busiest.',
        'High water tomorrow is at 6.12 in the morning, three finger joints above today’s. The sea is getting up. Before it does, mend the net, answer the letter, and put off one more thing that need not be done.',
        'And if you are missing a pair of spectacles, kindly call at the fishing cooperative. There is a small barnacle on the left lens. It does not spoil the view.',
      ],
    },
  },
}
