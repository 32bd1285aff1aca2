"""Questions of no meaning but of the usual size: words of two languages by chance, the same chance each time.

A stem has about 490 characters in English and 250 in Japanese, an option 65 and 30, like those of the first pack; one
stem in eight has a table, one in eight code. Words and numbers vary, so that the page compresses like a real one.
"""

from __future__ import annotations

from random import Random

from exams.domain.bank import Kind, Option, QuestionContent, Reference, Text

WORDS = {
    "en": {
        "who": "A hospital|An insurer|A railway|A game studio|A city library|A dairy|A shipyard|A television station|A "
        "seed merchant|A toll road|An airline|A chain of bakeries|A water utility|A translation agency",
        "what": "sensor readings|purchase orders|patient letters|delivery times|audio recordings|click streams|"
        "satellite images|warranty claims|meter values|train delays|questionnaires|invoices|maintenance notes",
        "does": "collects|keeps|receives|has to merge|wants to forecast|samples|labels|compares|archives|publishes",
        "where": "in a relational database|in files of comma-separated values|on twelve machines in two buildings|in "
        "an object store|in a message queue|on paper that is scanned overnight|in a column store|in a data warehouse",
        "but": "The training set is strongly imbalanced|Validation loss rises after a few epochs|Predictions arrive "
        "too late for the night shift|Nobody may read the names in it|Half of the rows lack a value|The distribution "
        "drifts every spring|Costs must not grow with the number of users|The team has no time to run servers",
        "must": "without copying the data|within ten minutes|with the least effort|before the end of the quarter|for "
        "every customer separately|at the lowest cost|so that an auditor can repeat it|without a second model",
        "act": "Train|Replace|Normalize|Resample|Encode|Partition|Compress|Schedule|Monitor|Regularize|Split|Shuffle",
        "thing": "the gradient boosted trees|each numeric column|the validation set|the embedding layer|the oldest "
        "partition|the learning rate|the minority class|the ingestion job|the confusion matrix|the feature store",
        "how": "by week and region|with a smaller batch|after removing outliers|on the median of its group|in a nightly"
        " job|with early stopping|behind a queue|with five folds|by hashing the key|on one larger machine",
    },
    "ja": {
        "who": "ある病院|ある保険会社|ある鉄道会社|あるゲーム会社|ある市立図書館|ある乳業会社|ある造船所|あるテレビ局|"
        "ある種苗会社|ある有料道路の運営会社|ある航空会社|あるパンのチェーン店|ある水道局|ある翻訳会社",
        "what": "センサーの測定値|発注書|患者からの手紙|配達の所要時間|録音した音声|クリックの記録|衛星画像|保証の請求|"
        "検針の値|列車の遅延記録|アンケートの回答|請求書|保守作業の記録",
        "does": "を収集している|を保管している|を受け取っている|を結合しなければならない|を予測したい|を抽出している|"
        "にラベルを付けている|を比較している|を長期保存している|を公開している",
        "where": "リレーショナルデータベースに|カンマ区切りのファイルに|二つの建物にある12台の機械で|オブジェクト"
        "ストレージに|メッセージキューに|夜間に読み取る紙の形で|列指向のストアに|データウェアハウスに",
        "but": "訓練データのクラスは大きく偏っている|数エポックの後に検証損失が増え始める|"
        "予測が夜勤の開始に間に合わない|含まれる氏名は誰も閲覧できない|半分の行に欠損値がある|毎年春になると分布が変化する|利用者が増えても費用を"
        "増やせない|チームにはサーバーを運用する時間がない",
        "must": "データを複製せずに|10分以内に|最小の労力で|四半期の終わりまでに|顧客ごとに分けて|最も低い費用で|"
        "監査人が再現できるように|二つ目のモデルを作らずに",
        "act": "訓練する|置き換える|正規化する|再標本化する|符号化する|分割する|圧縮する|定期実行する|"
        "監視する|正則化する",
        "thing": "勾配ブースティング木を|数値の列をそれぞれ|検証用データを|埋め込み層を|最も古いパーティションを|"
        "学習率を|少数派のクラスを|取り込みのジョブを|混同行列を|特徴量ストアを",
        "how": "週と地域ごとに|より小さなバッチで|外れ値を除いてから|グループの中央値で|夜間のジョブで|"
        "早期終了を使って|キューを挟んで|5分割の交差検証で|キーのハッシュ値で|1台の大きな機械で",
    },
}
WORDS = {language: {name: words.split("|") for name, words in lists.items()} for language, lists in WORDS.items()}
STEM = {
    "en": "Record {number:04}. {who} {does} {n} million {what} {where}. {but}, and about {m} of {what2} were added "
    "last month. The team wants to report on them {must}. {but2}; an earlier attempt took {h} hours and was given up "
    "because {who2} needs {what3} {must2}.{block}\n\nWhich step meets these requirements *best*?{choose}",
    "ja": "記録{number:04}。{who}は、{where}{n}百万件の{what}{does}。{but}。先月は{what2}が約{m}件追加された。"
    "チームは、これを{must}報告したい。{but2}。以前の試みは{h}時間かかり、{who2}が{what3}を{must2}必要とするため"
    "取りやめになった。{block}\n\nこれらの要件を*最も*よく満たす手順はどれか。{choose}",
}
OPTION = {"en": "{act} {thing} {how}{code}, {m} at a time.", "ja": "{thing}{how}{m}件ずつ{act}{code}。"}
REASON = {"en": "{but}, so {n} of {what} would be lost {must}.", "ja": "{but}ため、{must}{what}が{n}件失われる。"}
CHOOSE = {"en": " (Choose two.)", "ja": "（2つ選択）"}
MARK = {
    "en": r"Record (\d{4})\.",
    "ja": r"記録(\d{4})。",
}  # in every stem, so that a page can be checked for all of them


def question(number: int, domain: str, task: str) -> QuestionContent:
    """Question ``number`` of the bank: three of four are single choice of four options, the others two of five."""
    kind = Kind.MULTIPLE if number % 4 == 3 else Kind.SINGLE
    return QuestionContent(
        kind=kind,
        domain=domain,
        task=task,
        stem=_text(STEM, f"{number}", number=number, block=_block(number), multiple=kind is Kind.MULTIPLE),
        options=tuple(
            Option(
                id=f"o{place}",
                text=_text(OPTION, f"{number}-{place}", code=f" (`k={place}`)" if number % 6 == 0 else ""),
                rationale=_text(REASON, f"{number}-{place}-reason"),
                is_key=place < (2 if kind is Kind.MULTIPLE else 1),
            )
            for place in range(5 if kind is Kind.MULTIPLE else 4)
        ),
        objective={"en": f"Objective {number}", "ja": f"目標{number}"},
        references=(Reference(title={"en": "Guide", "ja": "手引き"}, url="https://docs.example.org/guide"),),
    )


def _text(patterns: dict[str, str], seed: str, *, multiple: bool = False, **values: object) -> Text:
    return {language: _filled(pattern, language, seed, multiple, values) for language, pattern in patterns.items()}


def _filled(pattern: str, language: str, seed: str, multiple: bool, values: dict[str, object]) -> str:
    random = Random(f"{seed}:{language}")
    picked = {f"{name}{twice}": random.choice(words) for name, words in WORDS[language].items() for twice in ("", 2, 3)}
    numbers = {"n": random.randint(2, 99), "m": random.randint(100, 9999), "h": random.randint(2, 48)}
    return pattern.format(**{**picked, **numbers, **values, "choose": CHOOSE[language] if multiple else ""})


def _block(number: int) -> str:
    random = Random(f"{number}:block")
    if number % 8 == 1:
        rows = [f"| week {week} | {random.randint(100, 99999):,} | {random.random():.3f} |" for week in range(1, 5)]
        return "\n\n" + "\n".join(["| | n | loss |", "|---|---:|---:|", *rows])
    if number % 8 == 5:
        size, rate = random.choice([16, 32, 64, 128]), random.random()
        return (
            f"\n\n```python\nmodel = Classifier(depth={random.randint(2, 9)}, rate={rate:.3f})\n"
            f"for batch in batches(rows, size={size}):\n    loss = model.fit(batch)\n    if loss > {rate:.2f}:\n"
            f'        log.warning("loss %s", loss)\n```'
        )
    return ""
