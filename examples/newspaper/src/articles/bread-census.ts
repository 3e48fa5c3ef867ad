import type { Article } from './model.ts'

export const breadCensus: Article = {
  id: 'bread-census',
  section: 'local',
  price: { amount: '10', currency: 'KRW' },
  minutes: 2,
  text: {
    ko: {
      title: '달빛동 빵 총조사',
      deck: '아이들 열한 명이 한 달 동안 동네의 모든 빵을 셌다',
      byline: '어린이 기자단 · 달빛동',
      caption: '조사원 완장은 밀가루 포대로 만들었다.',
      teaser:
        '달빛동에는 빵집이 네 곳 있다. 그런데 하루에 빵이 몇 개나 구워지는지는 아무도 몰랐다. 여름방학 숙제를 고민하던 아이들 열한 명이 세어 보기로 했다. 연필과 공책, 그리고 무엇보다 아침잠을 포기할 각오가 필요했다.',
      heading: '사라진 열네 개를 찾아서',
      body: [
        '첫날 조사 결과는 엉망이었다. 구운 빵이 사백십이 개, 팔린 빵이 삼백구십팔 개. 남은 것은 하나도 없었다. 열네 개가 공중으로 사라진 셈이다. 아이들은 도둑을 의심해 골목에 숨었고, 새벽 다섯 시 반에 진실을 보았다. 신문 배달 아저씨, 청소차 기사님 두 분, 등교 당번 선생님. 빵집들은 저마다 값을 받지 않는 빵을 굽고 있었다.',
        '네 집 모두 다른 집도 그런다는 것을 몰랐다. 조사원들은 이것을 보고서에 적어도 되는지 한참 의논했다. 결국 ‘기타’라는 칸을 만들었다. 한 달 동안 ‘기타’는 사백이십 개였다. 가장 많은 날은 비 온 월요일, 가장 적은 날은 맑은 일요일이었다.',
        '예상 밖의 발견은 또 있다. 단팥빵은 오전에 어른이, 오후에 아이가 산다. 식빵은 목요일에 가장 많이 팔리는데 이유를 아는 사람이 없다. 그리고 빵 봉투를 들고 걷는 사람은 빈손인 사람보다 평균 두 번 더 인사한다. 마지막 숫자는 조사원이 직접 인사를 받아 본 것이라 오차가 있을 수 있다.',
        '보고서는 동사무소 게시판에 붙었다. 이튿날 아침 누군가 그 아래 작은 종이를 덧붙였다. “조사원 여러분, ‘기타’에 열한 개를 더해 주세요.” 네 빵집 이름이 나란히 적혀 있었고, 그날 아침 공책 열한 권 위에는 아직 따뜻한 단팥빵이 하나씩 놓였다.',
      ],
    },
    en: {
      title: 'The Great Bread Census of Moonlight Lane',
      deck: 'For one month eleven children counted every loaf and bun in the neighbourhood',
      byline: 'Junior reporters, Moonlight Lane',
      caption: 'The census takers’ armbands were cut from flour sacks.',
      teaser:
        'Moonlight Lane has four bakeries, and until this summer nobody knew how much bread they bake. Eleven children in want of a holiday project decided to count it. They needed pencils, notebooks, and above all the courage to get up early.',
      heading: 'The case of the missing fourteen',
      body: [
        'The first day was a disaster. Four hundred and twelve baked, three hundred and ninety-eight sold, none left over: fourteen buns had vanished into the air. Suspecting a thief, the children hid in the lane, and at half past five in the morning they saw the truth. The man with the newspapers. The two drivers of the rubbish cart. The teacher on gate duty. Every bakery was baking bread that it did not charge for.',
        'None of the four had known that the others did it too. The census takers debated for a long time whether this could go into the report. In the end they made a column called “Other”. Over the month Other came to four hundred and twenty. It was highest on rainy Mondays and lowest on fine Sundays.',
        'There were further discoveries. Red bean buns are bought by adults in the morning and by children in the afternoon. Sandwich loaves sell best on Thursdays, and no one knows why. People who carry a bag of bread are greeted twice as often as people who carry nothing; the last figure was obtained by carrying bread, and may contain an error.',
        'The report was pinned to the notice board of the ward office. The next morning a small slip hung beneath it. “Dear census takers, please add eleven to Other.” It was signed by all four bakeries, and on each of eleven notebooks lay one red bean bun, still warm.',
      ],
    },
  },
}
